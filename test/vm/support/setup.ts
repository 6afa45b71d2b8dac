/** Before the first test of a run: everything that a bench is opened with. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Prepared, prepare, progressPrinter } from './prepare.ts';

declare module 'vitest' {
  interface ProvidedContext {
    prepared: Prepared;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const print = progressPrinter();
  const directory = mkdtempSync(join(tmpdir(), 'stb-vm-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    project.provide('prepared', await prepare(directory, print));
    print('ready');
    return remove;
  } catch (error) {
    remove();
    throw error;
  }
}
