import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import websocket from '@fastify/websocket';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { ApiError, toErrorBody } from '../errors.ts';
import { headendLimits } from '../limits.ts';
import { closeRefusedUpgrade, refuseAtEdges, refuseUnreadable, serverOptions } from './edges.ts';
import { errorShapeOf } from './error-shape.ts';
import { readJsonBodies } from './json-body.ts';
import { openApi } from './openapi.ts';

/** The subprotocols that a WebSocket may ask for: the box protocol, and the speed test's. */
const subprotocols = ['stb.v1', 'net.measurementlab.ndt.v7'];

/**
 * An HTTP server with what all routes share: errors in the shape of the API that was asked, WebSockets, and the OpenAPI document at `/docs`.
 * The schemas of the routes are documentation; each route reads its input with valibot (`read.ts`).
 */
export async function createServer(log: Logger): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    http: serverOptions,
    bodyLimit: headendLimits.bodyBytes,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    frameworkErrors(error, request, reply) {
      closeRefusedUpgrade(request.raw, reply.raw);
      sendError(request as FastifyRequest, reply as FastifyReply, toApiError(error));
    },
    clientErrorHandler: refuseUnreadable,
  });
  readJsonBodies(app);
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));

  app.setErrorHandler((error: FastifyError | ApiError, request, reply) => {
    const answer = toApiError(error);
    if (answer.code >= 500)
      log.error({ path: pathOf(request.url), error: error.stack ?? String(error) }, 'request failed');
    sendError(request, reply, answer);
  });
  app.setNotFoundHandler((request, reply) =>
    sendError(request, reply, new ApiError(404, 'path', `There is no ${request.method} ${pathOf(request.url)}`)),
  );

  await app.register(websocket, {
    options: {
      maxPayload: headendLimits.frameBytes,
      handleProtocols: (asked) => subprotocols.find((known) => asked.has(known)) ?? false,
    },
    errorHandler(error, socket) {
      log.debug({ error: error.message }, 'WebSocket error');
      socket.terminate();
    },
  });
  refuseAtEdges(app);
  await app.register(swagger, openApi);
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { docExpansion: 'list' } });
  return app;
}

function sendError(request: FastifyRequest, reply: FastifyReply, error: ApiError): void {
  const { type, write } = errorShapeOf(request.url);
  reply.code(error.code).type(type).serializer(write).send(toErrorBody(error));
}

/** Any error as an answer. What is not the caller's fault says nothing about the inside. */
function toApiError(error: FastifyError | ApiError): ApiError {
  if (error instanceof ApiError) return error;
  if (error.code === 'ECONNRESET')
    return new ApiError(400, 'request', 'The connection broke before the request was whole');
  const status = error.statusCode ?? 500;
  if (status < 500) return new ApiError(status, status === 413 ? 'body' : 'request', error.message);
  // Telecom X group action: 500 internal_error.
  const reason = ['SQLITE_FULL', 'ENOSPC'].includes(error.code)
    ? 'The disk of the headend is full; make space there and ask again'
    : 'The request could not be carried out; the log of the headend says why';
  return new ApiError(500, 'internal_error', reason);
}

function pathOf(url: string): string {
  return url.split('?')[0]?.slice(0, 200) ?? '';
}
