import * as v from 'valibot';
import type { Programme } from '../../store/programmes.ts';

const optionalText = v.optional(v.string());
const instant = v.pipe(v.string(), v.description('RFC 3339.'));
const brief = {
  _id: v.string(),
  start: instant,
  end: instant,
  duration: v.pipe(v.number(), v.description('Minutes.')),
  title: v.string(),
  subTitle: optionalText,
  genres: v.optional(v.array(v.string())),
  recording: v.boolean(),
};

/** A programme in a channel list. */
export const briefProgramme = v.object(brief);
/** A programme in full. */
export const fullProgramme = v.object({
  ...brief,
  description: optionalText,
  year: v.optional(v.number()),
  country: optionalText,
  images: v.optional(v.array(v.string())),
  series: v.optional(v.object({ season: v.optional(v.number()), episode: v.optional(v.number()) })),
  credits: v.optional(v.array(v.object({ type: v.string(), name: v.string(), role: optionalText }))),
  position: v.optional(v.pipe(v.number(), v.description('Seconds into it that this device has last reported.'))),
});

export function viewBrief({
  id,
  start,
  end,
  title,
  subTitle,
  genres,
}: Programme): v.InferOutput<typeof briefProgramme> {
  return {
    _id: id,
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    duration: Math.round((end - start) / 60_000),
    title,
    ...(subTitle === undefined ? {} : { subTitle }),
    ...(genres === undefined ? {} : { genres }),
    recording: false,
  };
}

export function viewFull(programme: Programme, position: number | undefined): v.InferOutput<typeof fullProgramme> {
  const { description, year, country, images, season, episode, credits } = programme;
  const series = { ...(season === undefined ? {} : { season }), ...(episode === undefined ? {} : { episode }) };
  return {
    ...viewBrief(programme),
    ...(description === undefined ? {} : { description }),
    ...(year === undefined ? {} : { year }),
    ...(country === undefined ? {} : { country }),
    ...(images === undefined ? {} : { images }),
    ...(Object.keys(series).length === 0 ? {} : { series }),
    ...(credits === undefined ? {} : { credits }),
    ...(position === undefined ? {} : { position }),
  };
}
