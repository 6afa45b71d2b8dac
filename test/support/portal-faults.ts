/** The answers of portals that are none, each by its name. All but the last few come with HTTP 200. */
import type { ServerResponse } from 'node:http';

export type PortalFault = keyof typeof portalFaults;

const html = (text: string) => (response: ServerResponse) =>
  void response.setHeader('content-type', 'text/html; charset=UTF-8').end(text);
const json = (text: string) => (response: ServerResponse) =>
  void response.setHeader('content-type', 'application/json').end(text);

/** What PHP prints when nobody catches an exception: here that of a time zone it does not know. */
const fatal =
  "<br />\n<b>Fatal error</b>:  Uncaught exception 'Exception' with message 'DateTimeZone::__construct(): Unknown or bad timezone (Europe/Kyiv)' in /var/www/stalker_portal/server/lib/stb.class.php:229\nStack trace:\n#0 {main}\n  thrown in <b>/var/www/stalker_portal/server/lib/stb.class.php</b> on line <b>229</b><br />\n";

export const portalFaults = {
  'Authorization failed.': html('Authorization failed.'),
  'Unauthorized request.': html('Unauthorized request.'),
  'Access denied.': html('Access denied.'),
  'Identification failed': html('Identification failed'),
  'a PHP fatal error page': html(fatal),
  'a login page': html('<!doctype html><title>Hotel Wi-Fi</title><h1>Please log in</h1>'),
  'an empty body': html(''),
  '{"js":false}': json('{"js":false,"text":"generated in: 0.001s"}'),
  '{"js":null}': json('{"js":null,"text":""}'),
  'half of the JSON': json('{"js":{"data":{"msgs":1,"id":"4","ev'),
  'text that is no JSON': html('OK'),
  'a number': json('7'),
  'msgs without an event': json('{"js":{"data":{"msgs":1,"additional_services_on":0}}}'),
  'HTTP 500': (response: ServerResponse) => void response.writeHead(500).end('<h1>Internal Server Error</h1>'),
  'HTTP 502': (response: ServerResponse) => void response.writeHead(502).end('<h1>Bad Gateway</h1>'),
  'HTTP 404': (response: ServerResponse) => void response.writeHead(404).end(),
  'a cut in the middle': (response: ServerResponse) => void response.write('{"js":', () => response.destroy()),
  'no answer at all': () => undefined,
};
