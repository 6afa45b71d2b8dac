import { createCanvas, loadImage } from '@napi-rs/canvas';

export type Picture = { width: number; height: number; pixels: Buffer };

/** A picture file as pixels of red, green, blue and opacity, decoded by a library that the agent does not use for this. */
export async function decodePicture(file: Buffer): Promise<Picture> {
  const image = await loadImage(file);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return { width: image.width, height: image.height, pixels: Buffer.from(data) };
}

/** How many pixels of two pictures of the same size differ. */
export function differingPixels(one: Picture, other: Picture): number {
  let count = 0;
  for (let at = 0; at < one.pixels.length; at += 4)
    if (one.pixels.readUInt32LE(at) !== other.pixels.readUInt32LE(at)) count += 1;
  return count;
}
