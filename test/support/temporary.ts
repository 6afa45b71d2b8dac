import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { After } from './undo.ts';

/** A directory that is gone after the test, or when `after` undoes it. */
export function temporaryDirectory(after: After = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), 'stb-test-'));
  after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
