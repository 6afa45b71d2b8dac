import type { Brush } from '../canvas.ts';
import type { Random } from '../random.ts';
import { drawBalloons } from './balloons.ts';
import { drawCity } from './city.ts';
import { drawMountains } from './mountains.ts';
import { drawPitch } from './pitch.ts';
import { drawSea } from './sea.ts';
import { drawSpace } from './space.ts';
import { drawStage } from './stage.ts';
import { drawStudio } from './studio.ts';

/** A moving picture: the same random numbers and seconds give the same frame. */
export type Scenery = (brush: Brush, random: Random, seconds: number) => void;

const all: Scenery[] = [drawMountains, drawSea, drawCity, drawPitch, drawStudio, drawSpace, drawBalloons, drawStage];

/** What a channel shows where its name says it. */
const byName: [RegExp, Scenery][] = [
  [/sport|football|soccer|arena|league|goal/i, drawPitch],
  [/news|world|info\b|24\b/i, drawStudio],
  [/music|hits|concert|rock|jazz/i, drawStage],
  [/kids|junior|child|cartoon|family/i, drawBalloons],
  [/nature|discover|wild|travel|outdoor/i, drawMountains],
  [/film|movie|cinema|sci|space/i, drawSpace],
  [/sea|ocean|harbou?r|coast/i, drawSea],
  [/city|metro|local|drama/i, drawCity],
];

/** The scenery of a channel: by a word in its name, else any. */
export function sceneryFor(name: string, random: Random): Scenery {
  return byName.find(([words]) => words.test(name))?.[1] ?? random.pick(all);
}
