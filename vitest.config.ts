import { defineConfig } from 'vitest/config';

/**
 * `unit`: pure code, or one module with a real SQLite file.
 * `integration`: real sockets on port 0 and real agent processes; needs nothing but Node.
 * `system`: real parts of a Linux system, and the whole of the long tables.
 * `vm`: a virtual box with real Linux devices; needs QEMU and what makes its image, see docs/vm.md.
 */
export default defineConfig({
  test: {
    restoreMocks: true,
    // Like `until`: how long something may take is no promise of a test.
    expect: { poll: { timeout: 45_000 } },
    // Most tests wait for other processes: three at a time keep two cores busy.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: { name: 'unit', isolate: false, include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/{integration,crash,e2e,fuzz}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          include: ['test/{system,crash,e2e,fuzz}/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          env: { STB_TEST_FULL: '1' },
        },
      },
      {
        extends: true,
        test: {
          name: 'vm',
          // An emulated machine takes a core for itself.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          include: ['test/vm/**/*.test.ts'],
          globalSetup: 'test/vm/support/setup.ts',
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
