import { useMemo, useState } from 'preact/hooks';
import { useApp } from '../app.ts';
import { channelMatcher } from '../channel-names.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import type { Channel } from '../types.ts';
import type { Field } from './fields.ts';
import type { FieldProps } from './param-fields.tsx';

const most = 60;

/** Picks a channel by number or name; the arrow keys move in the list, as in any group of radio buttons. */
export function ChannelField({ field, value, problem, set, radio }: FieldProps & { field: Field; radio: boolean }) {
  const { api } = useApp();
  const [wanted, setWanted] = useState('');
  const loaded = useLoad(`channels ${radio}`, () => api.all<Channel>(`/stb/v1/channels?radio=${radio}`));
  const found = useMemo(() => {
    const sorted = (loaded.value ?? []).toSorted((a, b) => a.number - b.number);
    return sorted.filter(channelMatcher(wanted));
  }, [loaded.value, wanted]);

  return (
    <fieldset class="field" aria-describedby="channel-note">
      <legend>{texts.params[field.name]}</legend>
      {loaded.error !== null && <Failure text={loaded.error} retry={loaded.again} />}
      {loaded.error === null && loaded.value === undefined && <Loading />}
      {loaded.value !== undefined && (
        <>
          <input
            type="search"
            aria-label={texts.channel.search}
            placeholder={texts.channel.search}
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
          <div class="channels">
            {found.slice(0, most).map((channel) => (
              <label key={channel.id} class="channel">
                <input
                  type="radio"
                  name={field.name}
                  value={channel.id}
                  checked={value === channel.id}
                  onChange={() => set(channel.id)}
                />
                <strong>{channel.number}</strong>
                <span>{channel.name}</span>
                <small class="faint">{receptionOf(channel)}</small>
              </label>
            ))}
            {found.length === 0 && <p class="faint">{texts.channel.none}</p>}
          </div>
        </>
      )}
      <small id="channel-note" class={problem === undefined ? 'faint' : 'bad'}>
        {problem === undefined ? texts.paramHints[field.name] : texts.channel.choose}
      </small>
    </fieldset>
  );
}

/** By what ways a channel can be received. */
export function receptionOf({ baseChannel, locals, dvb, dvbOnly }: Channel): string {
  const ways = [
    !dvbOnly && baseChannel !== null && texts.channel.ways.base,
    dvb !== null && texts.channel.ways.dvb,
    !dvbOnly && locals.length > 0 && texts.channel.ways.local,
  ];
  return ways.filter((way) => way !== false).join(', ');
}
