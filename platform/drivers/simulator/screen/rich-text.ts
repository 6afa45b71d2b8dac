import { type Block, parseHtml, sameStyle } from './html.ts';
import { breakLines, cutLine, type Line, type Look, type Measure } from './lines.ts';

/** Text to draw in one go: its left edge, its baseline and its width. */
export type Run = { x: number; y: number; width: number; text: string; look: Look };

export type RichText = { runs: Run[]; width: number; height: number; truncated: boolean };

/** `size` is that of plain text; headings and small text follow from it. All in pixels. */
export type Frame = { width: number; maxHeight: number; size: number; measure: Measure };

const scale = { text: 1, h1: 1.7, h2: 1.38, h3: 1.16 } as const;
const lineHeight = 1.42;
const indentPerList = 1.5;
/** However deep the lists are, a line has this many letters' room. */
const leastLetters = 4;

/**
 * Lays simple HTML out in a frame. What does not fit is cut at the end of a line, with an ellipsis. Pure: the same HTML,
 * frame and measure give the same runs.
 */
export function layOut(html: string, frame: Frame): RichText {
  const page = createPage(frame);
  let above: Block | null = null;
  for (const block of parseHtml(html)) {
    const gap = above === null ? 0 : gapBetween(above, block) * frame.size;
    if (!page.addBlock(block, gap)) break;
    above = block;
  }
  return page.finish();
}

/** In letters. */
function gapBetween(above: Block, below: Block): number {
  if (below.kind !== 'text') return 0.62;
  return above.item && below.item ? 0.16 : 0.45;
}

type LastLine = { firstRun: number; x: number; baseline: number; line: Line; width: number };

function createPage(frame: Frame) {
  const markers: Run[] = [];
  const runs: Run[] = [];
  let y = 0;
  let truncated = false;
  /** The line that takes the ellipsis if nothing fits below it. */
  let last: LastLine | null = null;

  const addBlock = (block: Block, gap: number): boolean => {
    const size = frame.size * scale[block.kind];
    const x = block.depth * frame.size * indentPerList;
    const width = Math.max(leastLetters * frame.size, frame.width - x);
    const height = size * lineHeight;
    let top = y + gap;
    let marker = block.marker;
    for (const line of breakLines(block, size, width, frame.measure)) {
      truncated = top + height > frame.maxHeight;
      if (truncated) return false;
      const baseline = top + height / 2 + size * 0.36;
      if (marker !== undefined) markers.push(toMarker(marker, x, baseline, frame));
      marker = undefined;
      last = { firstRun: runs.length, x, baseline, line, width };
      runs.push(...toRuns(line, x, baseline, frame.measure));
      top += height;
      y = top;
    }
    return true;
  };

  const finish = (): RichText => {
    if (truncated && last !== null) {
      const cut = cutLine(last.line, last.width, frame.measure);
      runs.splice(last.firstRun, Number.POSITIVE_INFINITY, ...toRuns(cut, last.x, last.baseline, frame.measure));
    }
    const all = [...markers, ...runs];
    const width = all.reduce((widest, run) => Math.max(widest, run.x + run.width), 0);
    return { runs: all, width, height: y, truncated };
  };
  return { addBlock, finish };
}

/** A bullet or number, to the left of its item's first line. */
function toMarker(marker: string, x: number, baseline: number, frame: Frame): Run {
  const look: Look = { bold: false, italic: false, underline: false, small: true, size: frame.size };
  const width = frame.measure(marker, look);
  return { x: Math.max(0, x - frame.size * 0.45 - width), y: baseline, width, text: marker, look };
}

/** Joins neighbours of one look into runs, so that letters join and right-to-left text reads in its order. */
function toRuns(line: Line, x: number, baseline: number, measure: Measure): Run[] {
  const runs: Run[] = [];
  for (const { text, look } of line.pieces) {
    const previous = runs.at(-1);
    if (previous !== undefined && sameLook(previous.look, look)) previous.text += text;
    else runs.push({ x: 0, y: baseline, width: 0, text, look });
  }
  let left = x;
  for (const run of runs) {
    run.x = left;
    run.width = measure(run.text, run.look);
    left += run.width;
  }
  return runs;
}

function sameLook(one: Look, other: Look): boolean {
  return one.size === other.size && sameStyle(one, other);
}
