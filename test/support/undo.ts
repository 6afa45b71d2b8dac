/** Takes something to undo at the end: `onTestFinished` in a test, an `undoList` for what the tests of a file share. */
export type After = (undo: () => void | Promise<void>) => void;

/** Collects what is to be undone; `all` undoes it, newest first. For `afterAll(list.all)`. */
export function undoList(): { after: After; all(): Promise<void> } {
  const steps: (() => void | Promise<void>)[] = [];
  return {
    after: (undo) => void steps.push(undo),
    async all() {
      for (const step of steps.splice(0).reverse()) await step();
    },
  };
}
