/** How many of so many boxes are in the waves up to a share in percent: never none, unless there are none. */
export function boxesUpTo(percent: number, boxes: number): number {
  // A share such as 0.1% has no exact binary fraction: without the margin 1,000 boxes would make 2 of it.
  return Math.min(boxes, Math.ceil((boxes * percent) / 100 - 1e-9));
}

/** Deals boxes out to waves, in their order. `shares` are cumulative percentages that grow to 100. */
export function dealOut(
  boxes: readonly string[],
  shares: readonly number[],
): { percent: number; boxes: readonly string[] }[] {
  let from = 0;
  return shares.map((percent) => {
    const end = boxesUpTo(percent, boxes.length);
    const wave = { percent, boxes: boxes.slice(from, end) };
    from = end;
    return wave;
  });
}
