import { type ComponentChildren, createElement } from 'preact';
import { useMemo } from 'preact/hooks';
import { messageTags } from '../../../../agent/protocol/message-tags.ts';
import { texts } from '../texts.ts';

/** What is dropped with everything in it, as the box's sanitiser does it. */
const dropped = ['script', 'style', 'textarea', 'option', 'noscript', 'template', 'title'];

/**
 * A message as the box shows it: the allowed tags without their attributes, everything else as the text in it. The markup is parsed into a
 * document that runs nothing and loads nothing, and built anew from there.
 */
export function MessagePreview({ html }: { html: string }) {
  const { content, isEmpty } = useMemo(() => {
    const { body } = new DOMParser().parseFromString(withoutAttributes(html), 'text/html');
    return { content: [...body.childNodes].map(build), isEmpty: sayable(body).trim() === '' };
  }, [html]);
  return (
    <figure class="preview">
      <div class="tv" aria-label={texts.message.preview} role="img">
        <div class="tv-card">
          <p class="tv-head">{texts.message.onScreen}</p>
          <div class="tv-text" data-long={html.length > 160}>
            {isEmpty ? <span class="tv-faint">{texts.message.empty}</span> : content}
          </div>
          <p class="tv-hint">
            <kbd>OK</kbd> {texts.message.closes}
          </p>
        </div>
      </div>
      <figcaption class="faint">{texts.message.note}</figcaption>
    </figure>
  );
}

/** No attribute survives on the box. Here they go first, so that the browser has no handler to complain about. */
function withoutAttributes(html: string): string {
  return html.replace(/<(\/?[a-z][a-z0-9-]*)(?:"[^"]*"|'[^']*'|[^'">])*>/gi, '<$1>');
}

function build(node: Node): ComponentChildren {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const tag = node.localName;
  if (dropped.includes(tag)) return null;
  const children = [...node.childNodes].map(build);
  if (!(messageTags as readonly string[]).includes(tag)) return children;
  return tag === 'br' ? createElement('br', null) : createElement(tag, null, children);
}

function sayable(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const child of copy.querySelectorAll(dropped.join(','))) child.remove();
  return copy.textContent ?? '';
}
