import type { ChannelNames } from '../channel-names.ts';
import type { Action } from '../types.ts';

const longest = 90;

/** The parameters of an action in a line: `30`, `Lunch is ready.`, `UP DOWN OK`, `3 News`. */
export function sayParams({ params }: Pick<Action, 'params'>, channels: ChannelNames): string {
  const text = Object.entries(params)
    .filter(([, value]) => value !== '' && value !== undefined)
    .map(([name, value], index) => {
      const isChannel = (name === 'channel' || name === 'radiochannel') && typeof value === 'string';
      const said = (isChannel ? channels.of(value) : undefined) ?? say(value);
      return index === 0 ? said : `${name} ${said}`;
    })
    .join(' · ');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function say(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  if (typeof value === 'string')
    return value
      .replace(/<(?:br|\/(?:p|li|h[1-3]))[^>]*>/g, ' ')
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
