import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Library from '@napi-rs/canvas';
import { theme } from './theme.ts';

export type Canvas = Library.Canvas;
/** Where the layers draw: 1280×720, `y` downwards. */
export type Brush = Library.SKRSContext2D;

const fontFiles = [
  '400Regular/Inter_400Regular.ttf',
  '400Regular_Italic/Inter_400Regular_Italic.ttf',
  '600SemiBold/Inter_600SemiBold.ttf',
  '600SemiBold_Italic/Inter_600SemiBold_Italic.ttf',
  '700Bold/Inter_700Bold.ttf',
  '700Bold_Italic/Inter_700Bold_Italic.ttf',
  '800ExtraBold/Inter_800ExtraBold.ttf',
];

/**
 * The drawing library with the theme's fonts in it, loaded when it is first asked for; null where the optional packages
 * `@napi-rs/canvas` and `@expo-google-fonts/inter` are not installed, as on a real box.
 */
export async function loadCanvas(): Promise<typeof Library | null> {
  try {
    const library = await import('@napi-rs/canvas');
    if (!library.GlobalFonts.has(theme.family)) registerFonts(library);
    return library;
  } catch {
    return null;
  }
}

function registerFonts(library: typeof Library): void {
  const folder = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/inter/package.json'));
  for (const file of fontFiles) {
    if (library.GlobalFonts.registerFromPath(join(folder, file), theme.family) === null) {
      throw new Error(`registering the font ${file} from ${folder} failed; run npm install again`);
    }
  }
}
