/**
 * What is injected into the user interface's page: the wall that blocks its screen, and over it messages as cards in the top layer, one under
 * the other, of which the last is the newest and is dismissed by OK, Enter, Escape or Back. A page that includes the bridge and
 * has called `stb.onMessage` shows messages itself.
 */

/** Puts a message into the page; its value is true as soon as it is painted. */
export function showScript(message: { id: string; html: string; durationMs: number }): string {
  return `(${library})().show(${JSON.stringify(message)})`;
}

/** Waits until a message is gone; its value is 'dismissed' or 'timeout', or 'unknown' where the page has no such message. */
export function endedScript(id: string): string {
  return `(${library})().ended(${JSON.stringify(id)})`;
}

/** Takes a message away. */
export function removeScript(id: string): string {
  return `(${library})().remove(${JSON.stringify(id)}, 'removed')`;
}

/** Puts up the wall, changes what it says, or takes it away (null); its value is true as soon as that is painted. */
export function wallScript(html: string | null): string {
  return `(${library})().block(${JSON.stringify(html)})`;
}

/** Runs in the page. It stays there, so that messages of different actions share one stack. */
const library = `() => {
  const place = '__stbAgentMessages';
  if (window[place]) return window[place];
  const open = new Map();
  let host, stack, wall;
  const style = \`
    :host { all: initial; position: fixed; inset: 0; width: 100%; height: 100%; border: 0; padding: 0; margin: 0;
      background: none; pointer-events: none; z-index: 2147483647; }
    .stack { position: absolute; inset: 5% 5% 7%; display: flex; flex-direction: column; justify-content: flex-end;
      align-items: center; gap: .6em; overflow: hidden; font: 400 clamp(18px, 2.6vmin, 44px)/1.4 system-ui, sans-serif; }
    .card { box-sizing: border-box; flex: none; max-width: min(90%, 60em); max-height: 70vh; overflow: hidden;
      padding: 1em 1.4em; border-radius: .6em; background: #101820f2; color: #fff; border: .12em solid #ffffff66;
      box-shadow: 0 .5em 2em #000b; text-align: start; }
    .card:not(:last-child) { opacity: .55; border-color: transparent; }
    .wall { position: absolute; inset: 0; display: grid; place-content: center; padding: 8%; background: #000; color: #fff;
      text-align: center; pointer-events: auto; font: 400 clamp(20px, 3.4vmin, 60px)/1.4 system-ui, sans-serif; }
    h1, h2, h3, p { margin: .2em 0; } ul, ol { margin: .2em 0; padding-inline-start: 1.2em; }\`;
  /** A layer of its own, away from the page's styles; answers its host and what is shown in it. */
  const layer = (className) => {
    const host = document.createElement('div');
    const root = host.attachShadow({ mode: 'closed' });
    const sheet = document.createElement('style');
    sheet.textContent = style;
    const content = document.createElement('div');
    content.className = className;
    root.append(sheet, content);
    host.setAttribute('popover', 'manual');
    return { host, content };
  };
  const fill = (element, html) => {
    try { element.innerHTML = html; } catch { element.textContent = html.replace(/<[^>]*>/g, ' '); }
  };
  /** In the top layer, above a video in full screen too, where the browser has one. */
  const raise = (host) => {
    document.documentElement.append(host);
    try { host.hidePopover(); } catch {}
    try { host.showPopover(); } catch {}
  };
  const card = (html) => {
    if (!host?.isConnected) ({ host, content: stack } = layer('stack'));
    const element = document.createElement('div');
    element.className = 'card';
    element.setAttribute('role', 'alert');
    fill(element, html);
    stack.append(element);
    raise(host);
    return () => {
      element.remove();
      if (stack.children.length === 0) host.remove();
    };
  };
  const putUpWall = () => {
    if (wall === undefined) return;
    raise(wall.host);
    if (host?.isConnected) raise(host);
  };
  const remove = (id, how) => {
    const message = open.get(id);
    if (!message || message.how) return false;
    message.how = how;
    clearTimeout(message.timer);
    message.takeAway();
    message.resolve(how);
    setTimeout(() => open.delete(id), 60000);
    return true;
  };
  const dismisses = (event) => ['Enter', 'Escape', 'BrowserBack', 'GoBack'].includes(event.key) || [13, 27, 461].includes(event.keyCode);
  const swallowed = new Set();
  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener('keydown', (event) => {
    const top = [...open].filter(([, message]) => message.isOurs && !message.how).at(-1);
    const ends = top && dismisses(event);
    if (!ends && (wall === undefined || event.key === 'Power')) return;
    swallow(event);
    swallowed.add(event.keyCode);
    if (ends && !event.repeat) remove(top[0], 'dismissed');
  }, true);
  addEventListener('keyup', (event) => {
    if (swallowed.delete(event.keyCode)) swallow(event);
  }, true);
  /** After two frames it is on the glass; a page that is not visible has no frames. */
  const painted = () => new Promise((resolve) => {
    setTimeout(() => resolve(true), 300);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)));
  });
  const api = {
    show({ id, html, durationMs }) {
      if (open.has(id)) return painted();
      let resolve;
      const ended = new Promise((settle) => { resolve = settle; });
      const message = { ended, resolve, isOurs: false, takeAway: () => {} };
      open.set(id, message);
      const dismiss = () => remove(id, 'dismissed');
      let taken;
      try { taken = window.stb.deliver({ id, html, durationMs, dismiss }); } catch {}
      message.isOurs = typeof taken !== 'function';
      message.takeAway = message.isOurs ? card(html) : taken;
      message.timer = setTimeout(() => remove(id, 'timeout'), durationMs);
      return painted();
    },
    block(html) {
      if (html === null) {
        wall?.host.remove();
        wall = undefined;
        return painted();
      }
      wall ??= layer('wall');
      fill(wall.content, html);
      if (document.documentElement) putUpWall();
      // At the very beginning of a document there is nothing to put it on.
      else new MutationObserver((_, observer) => {
        if (!document.documentElement) return;
        observer.disconnect();
        putUpWall();
      }).observe(document, { childList: true });
      return painted();
    },
    ended: (id) => (open.has(id) ? open.get(id).ended : 'unknown'),
    remove,
  };
  Object.defineProperty(window, place, { value: api });
  return api;
}`;
