/** A box's line-up, as `GET /stb/v1/lineup` answers it: what the box may watch, and how it reaches each channel. */
import * as v from 'valibot';
import { idSchema } from './messages.ts';

const name = v.pipe(v.string(), v.maxLength(200));
const number = v.pipe(v.number(), v.integer(), v.minValue(0));
const address = v.pipe(v.string(), v.maxLength(2048));

const lineupChannelSchema = v.object({
  id: idSchema,
  number,
  name,
  /** The package's choice; the player falls back in the order the action documents. */
  reception: v.picklist(['BASE', 'DVB', 'LOCAL']),
  /** The base stream; absent for a channel that only the tuner reaches. */
  url: v.optional(address),
  /** Streams on site, in the order they are tried. */
  locals: v.optional(v.array(address)),
  /** Tuner parameters, as Telecom X's channel has them: freq, id, mod, symrate, prog, … */
  dvb: v.optional(v.record(v.string(), v.union([v.string(), v.number()]))),
});

const radioChannelSchema = v.object({ id: idSchema, number, name, url: address });

/** A channel that the box had and has no more, and why. */
const endedChannelSchema = v.object({ id: idSchema, name, reason: v.pipe(v.string(), v.maxLength(500)) });

export const lineupSchema = v.object({
  channels: v.array(lineupChannelSchema),
  radio: v.array(radioChannelSchema),
  /** What was taken away lately, for whoever asks the box to play it. */
  ended: v.optional(v.array(endedChannelSchema)),
});

export type Lineup = v.InferOutput<typeof lineupSchema>;
export type LineupChannel = v.InferOutput<typeof lineupChannelSchema>;
export type EndedChannel = v.InferOutput<typeof endedChannelSchema>;
export type RadioChannel = v.InferOutput<typeof radioChannelSchema>;
