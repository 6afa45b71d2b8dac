import { byId } from './element.js';

const refreshMs = 1_000;
/** A still picture may have a clock on it. */
const stillRefreshes = 15;

/**
 * The television. `show(snapshot)` fetches a new picture if the scene has changed; one that moves is fetched every second
 * too, while the page can be seen. A picture is put up only when it is complete, so that nothing flickers.
 */
export function createScreen() {
  const canvas = byId('screen');
  const broken = byId('broken');
  const pen = canvas.getContext('2d');
  const glow = byId('glow').getContext('2d');
  let shown;
  let moving = false;
  let ticks = 0;
  let loading = false;
  let wanted = false;

  async function refresh() {
    if (document.hidden) return;
    if (loading) {
      wanted = true;
      return;
    }
    loading = true;
    try {
      const response = await fetch('/screen.png', { cache: 'no-store' });
      if (!response.ok) throw new Error((await response.json()).error);
      const picture = await createImageBitmap(await response.blob());
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      glow.drawImage(picture, 0, 0, glow.canvas.width, glow.canvas.height);
      picture.close();
      broken.hidden = true;
    } catch (error) {
      broken.textContent = `There is no picture: ${error.message}`;
      // Without a connection the curtain says so.
      broken.hidden = shown === undefined;
    } finally {
      loading = false;
      if (wanted) {
        wanted = false;
        refresh();
      }
    }
  }

  setInterval(() => {
    ticks += 1;
    if (shown !== undefined && (moving || ticks % stillRefreshes === 0)) refresh();
  }, refreshMs);
  document.addEventListener('visibilitychange', refresh);

  return {
    show({ scene }) {
      const { power, background } = scene;
      const starting = background.state === 'starting';
      const playing = background.state === 'playing' && background.kind !== 'none';
      moving = power === 'booting' || (power === 'on' && (starting || playing));
      const look = JSON.stringify({ ...scene, at: 0 });
      if (look === shown) return;
      shown = look;
      canvas.setAttribute('aria-label', describe(scene));
      refresh();
    },
    /** No connection: nothing to fetch until the next snapshot. */
    pause() {
      shown = undefined;
    },
  };
}

/** What is on the screen, in words. */
export function describe(scene) {
  if (scene.power === 'off') return 'The screen is black: the box is off.';
  if (scene.power === 'standby') return 'The screen is black: the box is in standby.';
  if (scene.power === 'booting') return `The box is starting: ${scene.model}, firmware ${scene.firmware}.`;
  const words = [describeBackground(scene.background)];
  if (scene.blocked) words.push(`Blocked: ${textOf(scene.blocked.html)}`);
  if (scene.page) words.push(`Web page ${scene.page.url}`);
  if (scene.message) words.push(`Message: ${textOf(scene.message.html)}`);
  if (scene.menu) words.push(`${scene.menu.title}: ${scene.menu.items[scene.menu.selected]} is selected.`);
  if (scene.progress) words.push(`${scene.progress.label}: ${Math.round(scene.progress.percent)} %.`);
  if (scene.digits) words.push(`Channel number ${scene.digits}.`);
  if (scene.toast) words.push(`${scene.toast}.`);
  return words.join(' ');
}

function describeBackground({ kind, name, number, url, state, reason }) {
  if (kind === 'none') return 'Nothing is playing.';
  const what = name ? `${number === undefined ? '' : `${number} `}${name}` : (url ?? kind);
  if (state === 'starting') return `${what} is starting.`;
  if (state === 'failed') return `${what} does not play: ${reason ?? 'no reason given'}.`;
  return state === 'paused' ? `${what} is paused.` : `${what} is playing.`;
}

const blockTags = /<\/?(?:p|li|ul|ol|br|h[1-3])\b/gi;

/** The text of a message; parsed in a document of its own, where nothing loads or runs. */
function textOf(html) {
  return new DOMParser()
    .parseFromString(html.replace(blockTags, ' $&'), 'text/html')
    .body.textContent.replace(/\s+/g, ' ')
    .trim();
}
