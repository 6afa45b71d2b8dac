/** Lets at most `size` calls run at once; up to `waiting` more wait their turn, first come first served, the rest is refused. */
export function createTurns(size: number, waiting: number) {
  let running = 0;
  const queue: (() => void)[] = [];
  return async function inTurn<T>(call: () => Promise<T>): Promise<T> {
    if (running < size) running += 1;
    else {
      if (queue.length >= waiting) throw new Error(`${queue.length} messages wait to be sent already; send it later`);
      // Whoever ends hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    try {
      return await call();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
