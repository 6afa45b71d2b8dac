import * as v from 'valibot';
import { isUrl } from '../../../agent/protocol/params.ts';

const url = v.pipe(
  v.string(),
  v.maxLength(2_048),
  v.check((value) => isUrl(value, ['http', 'https']), 'Expected a URL: http, https'),
);

const appSchema = v.object({
  _id: v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description('Unique Android package name.')),
  name: v.pipe(v.string(), v.maxLength(200)),
  whitelistOnly: v.optional(v.pipe(v.boolean(), v.description('Allowed, but neither installed nor updated.')), false),
  apks: v.optional(
    v.pipe(
      v.array(
        v.object({ version: v.pipe(v.string(), v.maxLength(100)), url, default: v.optional(v.boolean(), false) }),
      ),
      v.maxLength(100),
    ),
    [],
  ),
});

/** The apps of a customer's tablets, in the shape of Telecom X's app whitelist. */
export const appsDocument = v.object({ apps: v.optional(v.pipe(v.array(appSchema), v.maxLength(1_000)), []) });
export type App = v.InferOutput<typeof appSchema>;
