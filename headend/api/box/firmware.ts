import { mkdirSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/**
 * `GET /stb/v1/firmware/{file}`: the bundles in a folder, by range. Without a token: a bundle is signed, and a box checks it before it
 * writes anything.
 */
export async function firmwareRoutes(app: FastifyInstance, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await app.register(fastifyStatic, {
    root: directory,
    prefix: '/stb/v1/firmware/',
    index: false,
    dotfiles: 'deny',
    decorateReply: false,
    schemaHide: true,
  });
}
