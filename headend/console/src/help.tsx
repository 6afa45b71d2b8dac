import { Dialog } from './parts/dialog.tsx';
import { sections } from './screens.tsx';
import { texts } from './texts.ts';

/** What can be done with the keyboard. */
export function Help({ close }: { close: () => void }) {
  const { title, groups } = texts.help;
  const going = sections.map(({ name, key }) => [`g ${key}`, texts.nav[name]] as const);
  return (
    <Dialog title={title} close={close}>
      <div class="shortcuts">
        {[...groups, { name: texts.help.going, keys: going }].map(({ name, keys }) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl>
              {keys.map(([key, says]) => (
                <div key={key}>
                  <dt>
                    {key.split(' ').map((cap) => (
                      <kbd key={cap}>{cap}</kbd>
                    ))}
                  </dt>
                  <dd>{says}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
