import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useApp } from '../app.ts';
import { Icon, type IconName } from '../icons.tsx';
import { texts } from '../texts.ts';

/** Something is on its way. */
export function Loading({ text = texts.common.loading }: { text?: string }) {
  return (
    <div class="state" role="status">
      <span class="spinner" aria-hidden="true" />
      <p>{text}</p>
    </div>
  );
}

/** There is nothing, and what to do about it. */
export function Empty(props: {
  title: string;
  text?: string;
  icon?: IconName;
  /** Whether it stands in place of the whole screen: then its title is the heading. */
  isWhole?: boolean;
  children?: ComponentChildren;
}) {
  const Title = props.isWhole ? 'h1' : 'p';
  return (
    <div class="state">
      {props.icon && <Icon name={props.icon} />}
      <Title class="state-title">{props.title}</Title>
      {props.text && <p class="faint">{props.text}</p>}
      {props.children}
    </div>
  );
}

/** It is there, but not for this viewer. */
export function NotAllowed() {
  return <Empty isWhole title={texts.notAllowed.title} text={texts.notAllowed.text} />;
}

/** It went wrong: what, and once more; by itself when the headend is back. */
export function Failure({ text, retry }: { text: string; retry?: () => unknown }) {
  const { live } = useApp();
  useEffect(() => live.onGap(() => void retry?.()), [live, retry]);
  return (
    <div class="state" role="alert">
      <Icon name="warning" />
      <p class="state-title">{texts.errors.title}</p>
      <p>{text}</p>
      {retry && (
        <button type="button" class="plain" onClick={() => void retry()}>
          {texts.common.retry}
        </button>
      )}
    </div>
  );
}
