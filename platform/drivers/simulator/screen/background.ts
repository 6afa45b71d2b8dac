import type { Brush } from './canvas.ts';
import { drawChannel } from './channel.ts';
import { drawHome } from './home.ts';
import { drawFailed, drawPaused, drawStarting } from './playback.ts';
import { drawRadio } from './radio.ts';
import type { Background, Scene } from './scene.ts';
import { drawVideo } from './video.ts';

/** What the player has on, full screen. */
export function drawBackground(brush: Brush, scene: Scene): void {
  const { background } = scene;
  if (background.kind === 'none') drawHome(brush, scene);
  else if (background.state === 'failed') drawFailed(brush, background);
  else if (background.state === 'starting') drawStarting(brush, background, scene.at);
  else {
    drawPlaying(brush, background, secondsOn(background, scene.at));
    if (background.state === 'paused') drawPaused(brush);
  }
}

function drawPlaying(brush: Brush, background: Background, seconds: number): void {
  if (background.kind === 'radio') drawRadio(brush, background, seconds);
  else if (background.kind === 'video') drawVideo(brush, background, seconds);
  else drawChannel(brush, background, seconds);
}

/** How long it has been on; 0 where that is not known. */
function secondsOn({ startedAt, pausedAt }: Background, at: number): number {
  return startedAt === undefined ? 0 : Math.max(0, ((pausedAt ?? at) - startedAt) / 1000);
}
