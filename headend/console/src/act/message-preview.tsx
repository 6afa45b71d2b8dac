import { useMemo } from 'preact/hooks';
import { isBlank, layOutMessage } from '../../../../platform/drivers/simulator/screen/message-layout.ts';
import { texts } from '../texts.ts';
import { createMeasure } from './measure.ts';

const plain = { size: 20, bold: false, italic: false, underline: false, small: false };

/** A message as the simulated box draws it: laid out by the box's own function, on a screen of 1280×720. */
export function MessagePreview({ html }: { html: string }) {
  const measure = useMemo(createMeasure, []);
  const isEmpty = useMemo(() => isBlank(html), [html]);
  const shown = isEmpty ? texts.message.empty : html;
  const { card, title, corner, text, hint } = useMemo(() => layOutMessage(shown, measure), [shown, measure]);
  const closes = hint.x - measure(texts.message.closes, plain);
  return (
    <figure class="preview">
      <svg class="tv" viewBox="0 0 1280 720" role="img" aria-label={texts.message.preview}>
        <rect class="tv-card" {...card} rx="22" />
        <rect class="tv-mark" x={title.x - 36} y={title.y - 18} width="22" height="22" rx="7" />
        <text class="tv-title" {...title}>
          {texts.message.onScreen}
        </text>
        <g class={isEmpty ? 'tv-text empty' : 'tv-text'} transform={`translate(${corner.x} ${corner.y})`}>
          {text.runs.map(({ x, y, width, text: says, look }) => (
            <text
              key={`${x} ${y}`}
              x={x}
              y={y}
              class={look.small ? 'small' : undefined}
              font-size={look.size}
              font-weight={look.bold ? 700 : 400}
              font-style={look.italic ? 'italic' : 'normal'}
              text-decoration={look.underline ? 'underline' : 'none'}
              textLength={width}
              lengthAdjust="spacingAndGlyphs"
            >
              {says}
            </text>
          ))}
        </g>
        <rect class="tv-key" x={closes - 62} y={hint.y - 23} width="50" height="31" rx="9" />
        <text class="tv-ok" x={closes - 37} y={hint.y - 1}>
          OK
        </text>
        <text class="tv-hint" {...hint}>
          {texts.message.closes}
        </text>
      </svg>
      <figcaption class={text.truncated ? 'bad' : 'faint'}>
        {text.truncated ? texts.message.tooLong : texts.message.note}
      </figcaption>
    </figure>
  );
}
