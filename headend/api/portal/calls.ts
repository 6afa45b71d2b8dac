import type { Box } from '../../store/boxes.ts';
import type { PortalRequest } from './request.ts';

/** A call of `load.php` that passed the gates; what it returns is `js` of the answer. */
export type Call = (request: PortalRequest) => unknown;
/** The calls of one `type`, by `action`. */
export type Calls = Readonly<Record<string, Call>>;

/** A call that only a known box makes; for anybody else it is `false`, as for a call that does not exist. */
export function ofBox(call: (request: PortalRequest & { box: Box }) => unknown): Call {
  return (request) => (request.box === undefined ? false : call({ ...request, box: request.box }));
}
