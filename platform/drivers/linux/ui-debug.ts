/** Loading a remote debugger's target script into a page: chii's, else weinre's. */

/** chii: `/target.js`. weinre: `/target/target-script-min.js#anonymous`, its default id. */
const paths = ['/target.js', '/target/target-script-min.js#anonymous'];

/** What is run now, with the address that was loaded as its value or the reason thrown, and in every document from now on. */
export function debugScript(server: string): { now: string; always: string } {
  const urls = JSON.stringify(paths.map((path) => `http://${server}${path}`));
  const now = `(${load})(${urls})`;
  return {
    now,
    always: `(() => { const load = ${load}; const start = () => { load(${urls}).catch(() => {}); };
    if (document.documentElement) start(); else addEventListener('DOMContentLoaded', start, { once: true }); })()`,
  };
}

/** Runs in the page. */
const load = `async (urls) => {
  const attempt = (url) => new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => resolve(true);
    script.onerror = () => { script.remove(); resolve(false); };
    (document.head || document.documentElement).append(script);
  });
  if (window.__stbDebug === urls[0]) return urls[0];
  for (const url of urls) {
    if (!(await attempt(url))) continue;
    window.__stbDebug = urls[0];
    return url;
  }
  throw new Error('neither ' + urls.join(' nor ') + ' could be loaded');
}`;
