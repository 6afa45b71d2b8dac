import { useRef } from 'preact/hooks';
import { showCount } from '../format.ts';
import { texts } from '../texts.ts';
import { type Field, labelOf } from './fields.ts';
import { MessagePreview } from './message-preview.tsx';
import type { FieldProps } from './param-fields.tsx';

/** The tags that the buttons put around what is selected. */
const marks = [
  ['b', 'B'],
  ['i', 'I'],
  ['u', 'U'],
  ['h1', 'H1'],
  ['h2', 'H2'],
  ['small', 'aa'],
] as const;

/** Writes a message, and shows it as the screen will. */
export function MessageField({ field, value, problem, set }: FieldProps & { field: Field }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const text = typeof value === 'string' ? value : '';
  const most = field.kind === 'text' ? field.maxLength : undefined;

  const wrap = (before: string, after: string) => {
    const element = area.current;
    if (element === null) return;
    const { selectionStart: from, selectionEnd: to } = element;
    const next = text.slice(0, from) + before + text.slice(from, to) + after + text.slice(to);
    set(next);
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(from + before.length, to + before.length);
    });
  };
  const list = () => {
    const element = area.current;
    if (element === null) return;
    const chosen = text.slice(element.selectionStart, element.selectionEnd) || texts.message.item;
    const items = chosen.split('\n').map((line) => `<li>${line}</li>`);
    const { selectionStart: from, selectionEnd: to } = element;
    set(`${text.slice(0, from)}<ul>${items.join('')}</ul>${text.slice(to)}`);
    requestAnimationFrame(() => element.focus());
  };

  return (
    <div class="composer">
      <div class="field">
        <label for="param-message">{labelOf(field)}</label>
        <div class="toolbar" role="toolbar" aria-label={texts.message.marks}>
          {marks.map(([tag, label]) => (
            <button
              key={tag}
              type="button"
              class="quiet"
              title={texts.message.names[tag]}
              onClick={() => wrap(`<${tag}>`, `</${tag}>`)}
            >
              <span class={`mark-${tag}`}>{label}</span>
            </button>
          ))}
          <button type="button" class="quiet" title={texts.message.list} onClick={list}>
            •
          </button>
          <button type="button" class="quiet" title={texts.message.lineBreak} onClick={() => wrap('<br>', '')}>
            ↵
          </button>
        </div>
        <textarea
          id="param-message"
          ref={area}
          rows={6}
          value={text}
          maxLength={most}
          aria-invalid={problem !== undefined}
          aria-describedby="param-message-note"
          onInput={(event) => set(event.currentTarget.value || undefined)}
        />
        <small id="param-message-note" class={problem === undefined ? 'faint' : 'bad'}>
          {problem ??
            `${texts.paramHints.message} ${most === undefined ? '' : texts.message.left(showCount(most - text.length))}`}
        </small>
      </div>
      <MessagePreview html={text} />
    </div>
  );
}
