import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { ApiError, accessDenied, invalid } from '../../errors.ts';
import type { Box } from '../../store/boxes.ts';
import type { DocumentKind } from '../../store/documents.ts';
import type { ApiContext } from '../context.ts';
import { read } from '../read.ts';
import { sendPicture } from '../telecomx/logos.ts';
import { appRoute, noLogo, textOf } from './app-route.ts';
import { type App, appsDocument } from './apps-document.ts';

const record = v.record(v.string(), v.unknown());
const text = v.optional(v.string());
const appView = v.object({ _id: v.string(), name: v.string(), version: v.string(), url: v.string() });
const appParams = v.object({ app: v.pipe(v.string(), v.maxLength(200)) });

/** Telecom X app: branding, launcher config, tablet profile, and the apps of a tablet. The customer's own, or those of its reseller. */
export function documentRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store } = fleet;

  appRoute(
    app,
    { path: '/iptv/app/branding', summary: 'Branding: the logo', errors: [403, 404] },
    (request, _given, reply) => {
      const { customer } = authentication.box(request);
      const parent = store.customers.get(customer)?.parent ?? customer;
      const picture = store.pictures.get(customer) ?? store.pictures.get(parent);
      if (picture === undefined) throw noLogo();
      return sendPicture(reply, picture);
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/brandingsettings',
      summary: 'Branding settings; for customers with IPTVPRIVATE',
      answer: record,
      errors: [403],
    },
    (request) => {
      const box = authentication.box(request);
      if (!store.customers.get(box.customer)?.features.includes('IPTVPRIVATE')) throw accessDenied();
      return store.documents.nearest(box.customer, 'branding') ?? {};
    },
  );

  appRoute(
    app,
    { path: '/iptv/app/launcherconfig', summary: 'Get launcher config', answer: record, errors: [403, 404] },
    (request) => documentOf(authentication.box(request), 'launcher', 'launcherconfig'),
  );

  appRoute(
    app,
    {
      path: '/iptv/app/tabletprofile',
      summary: 'Get tablet profile, and say what the tablet is',
      fields: v.object({ lanMac: text, wifiMac: text, pushToken: text, appVersion: text }),
      answer: record,
      errors: [403, 404],
    },
    (request, given) => {
      const box = authentication.box(request);
      const said = ['lanMac', 'wifiMac', 'pushToken', 'appVersion'].flatMap((field) => {
        const value = textOf(given, field, 500);
        return value === undefined ? [] : [[field, value]];
      });
      const { facts } = store.appDevices.get(box.id);
      if (said.length > 0) store.appDevices.change(box.id, { facts: { ...facts, ...Object.fromEntries(said) } });
      return { ...documentOf(box, 'tabletprofile', 'tabletprofile'), customer: box.customer };
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/applist',
      summary: 'App list: the apps that the device should have',
      answer: v.object({ apps: v.array(appView) }),
      errors: [403],
    },
    (request) => ({
      apps: appsOf(authentication.box(request))
        .filter((one) => !one.whitelistOnly)
        .flatMap(viewApp),
    }),
  );

  appRoute(
    app,
    {
      path: '/iptv/app/applistupdate',
      summary: 'App list update: those of the apps given that the device should update',
      fields: v.object({ apps: v.array(v.object({ _id: v.string(), version: v.string() })) }),
      answer: v.object({ apps: v.array(appView) }),
      errors: [403, 422],
    },
    (request, given) => {
      const box = authentication.box(request);
      const installed = readInstalled(given.apps);
      const listed = appsOf(box)
        .filter((one) => !one.whitelistOnly)
        .flatMap(viewApp);
      return { apps: listed.filter(({ _id, version }) => installed.has(_id) && installed.get(_id) !== version) };
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/whitelist/:app',
      summary: 'App whitelist APK: where to get one app',
      params: appParams,
      answer: appView,
      errors: [403, 404],
    },
    (request) => {
      const box = authentication.box(request);
      const id = read(appParams, request.params).app;
      const found = appsOf(box).find((one) => one._id === id);
      const view = found && viewApp(found)[0];
      if (view === undefined) throw new ApiError(404, 'app', 'Not found');
      return view;
    },
  );

  function documentOf(box: Box, kind: DocumentKind, field: string): Record<string, unknown> {
    const found = store.documents.nearest(box.customer, kind);
    if (found === undefined) throw new ApiError(404, field, 'Not found');
    return found;
  }

  function appsOf(box: Box): App[] {
    const parsed = v.safeParse(appsDocument, store.documents.nearest(box.customer, 'apps') ?? {});
    return parsed.success ? parsed.output.apps : [];
  }
}

/** The version of an app that a device should have: the default one, or else the last. Nothing where it has no APK. */
function viewApp({ _id, name, apks }: App): v.InferOutput<typeof appView>[] {
  const apk = apks.find((one) => one.default) ?? apks.at(-1);
  return apk === undefined ? [] : [{ _id, name, version: apk.version, url: apk.url }];
}

/** The apps that a device has, as a list or as JSON in a query. */
function readInstalled(given: unknown): Map<string, string> {
  const parsed = v.safeParse(
    v.pipe(v.array(v.object({ _id: v.string(), version: v.string() })), v.maxLength(1_000)),
    typeof given === 'string' ? parseJson(given) : given,
  );
  if (!parsed.success) throw invalid('apps', 'Apps is missing or invalid');
  return new Map(parsed.output.map(({ _id, version }) => [_id, version]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
