/**
 * Makes the image of the virtual box where the cache does not have it: `node packaging/vm/build.ts`, and with `arm64` that of the box of
 * the other architecture.
 */
import { dirname } from 'node:path';
import { ensureArm64Image } from './arm64/image.ts';
import { ensureImage } from './image.ts';

const print = (line: string) => void process.stderr.write(`${line}\n`);
const { disk } = process.argv[2] === 'arm64' ? await ensureArm64Image(print) : await ensureImage(print);
process.stdout.write(`${dirname(disk)}\n`);
