import { encodePng } from '../../../png.ts';
import { drawBackground } from './background.ts';
import { drawBanner } from './banner.ts';
import { drawBlocked } from './blocked.ts';
import { drawBoot } from './boot.ts';
import { type Brush, loadCanvas } from './canvas.ts';
import { drawDigits } from './digits.ts';
import { drawMenu } from './menu.ts';
import { drawMessage } from './message.ts';
import { drawPage } from './page.ts';
import { drawProgress } from './progress.ts';
import { type Scene, screenSize } from './scene.ts';
import { theme } from './theme.ts';
import { drawToast } from './toast.ts';
import { drawVolume } from './volume.ts';

/** Whether this installation can draw: the optional drawing library and fonts are there. */
export async function canDraw(): Promise<boolean> {
  return (await loadCanvas()) !== null;
}

/** Draws a scene as a PNG of 1280×720. Throws where `canDraw` says false, and never for what the scene holds. */
export async function drawScreen(scene: Scene): Promise<Uint8Array> {
  const library = await loadCanvas();
  if (library === null) {
    throw new Error(
      'drawing the screen needs @napi-rs/canvas and @expo-google-fonts/inter; run npm install with optional packages',
    );
  }
  const { width, height } = screenSize;
  const canvas = library.createCanvas(width, height);
  const brush = canvas.getContext('2d');
  brush.fillStyle = theme.colours.black;
  brush.fillRect(0, 0, width, height);
  if (scene.power === 'booting') drawBoot(brush, scene);
  else if (scene.blocked !== undefined && scene.power === 'on') drawWall(brush, scene.blocked, scene);
  else if (scene.power === 'on') drawLayers(brush, scene);
  return encodePng(canvas.data(), width, height);
}

/** Behind the wall nothing is to be seen, and only a message comes before it. */
function drawWall(brush: Brush, blocked: NonNullable<Scene['blocked']>, scene: Scene): void {
  drawBlocked(brush, blocked, scene);
  if (scene.message !== undefined) drawMessage(brush, scene.message);
}

/** From the back to the front. */
function drawLayers(brush: Brush, scene: Scene): void {
  drawBackground(brush, scene);
  if (scene.page !== undefined) drawPage(brush, scene.page);
  const covered = scene.menu ?? scene.progress ?? scene.message ?? scene.page;
  if (scene.banner !== undefined && covered === undefined) drawBanner(brush, scene.banner, scene);
  if (scene.menu !== undefined) drawMenu(brush, scene.menu);
  if (scene.progress !== undefined) drawProgress(brush, scene.progress);
  if (scene.message !== undefined) drawMessage(brush, scene.message);
  if (scene.digits !== undefined) drawDigits(brush, scene.digits);
  if (scene.volume !== undefined) drawVolume(brush, scene.volume);
  if (scene.toast !== undefined) drawToast(brush, scene.toast);
}
