import type { Measure } from '../../../../platform/drivers/simulator/screen/message-layout.ts';

type Weight = 400 | 700;

const sample = 'The quick brown fox jumps over the lazy dog.';
/** How wide the box's own font sets the sample, in ems. */
const boxEms: Record<Weight, number> = { 400: 21.53, 700: 22.11 };

/** Measures text in the viewer's font, as much wider or narrower as the box's font is. */
export function createMeasure(): Measure {
  const brush = document.createElement('canvas').getContext('2d');
  if (brush === null) throw new Error('this browser has no canvas to measure text with');
  const family = getComputedStyle(document.body).fontFamily;
  const emsOf = (text: string, weight: Weight, italic = false) => {
    brush.font = `${italic ? 'italic ' : ''}${weight} 100px ${family}`;
    return brush.measureText(text).width / 100;
  };
  const scaleOf = (weight: Weight) => boxEms[weight] / emsOf(sample, weight);
  const scales = { 400: scaleOf(400), 700: scaleOf(700) };
  return (text, { bold, italic, size }) => {
    const weight = bold ? 700 : 400;
    return emsOf(text, weight, italic) * scales[weight] * size;
  };
}
