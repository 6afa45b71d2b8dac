import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { showCount } from '../format.ts';
import { destructiveTypes } from '../permissions.ts';
import { texts } from '../texts.ts';
import type { ActionType } from '../types.ts';
import { FormDialog } from './form-dialog.tsx';
import { TextField } from './text-field.tsx';

/** Asks for the number of boxes before something is done that cannot be taken back. `children` are fields that stand above. */
export function CountDialog(props: {
  title: string;
  action: string;
  boxes: number;
  /** What it means, in a sentence. */
  means: string;
  danger?: boolean;
  /** Whether the fields above are not filled in yet. */
  isIncomplete?: boolean;
  children?: ComponentChildren;
  close(): void;
  submit(): Promise<unknown>;
}) {
  const { title, action, boxes, means, danger = true, isIncomplete = false, children, close, submit } = props;
  const [typed, setTyped] = useState('');
  // The number may be typed as it is shown: 1,234.
  const isRight = typed.replace(/[\s,]/g, '') === String(boxes);
  return (
    <FormDialog
      title={title}
      action={action}
      danger={danger}
      disabled={!isRight || isIncomplete}
      close={close}
      submit={submit}
    >
      <p>{means}</p>
      {children}
      <TextField
        name={texts.confirm.type(showCount(boxes))}
        value={typed}
        set={setTyped}
        required
        numeric
        autofocus={!children}
      />
    </FormDialog>
  );
}

/** What is to be sent to how many boxes; `name` is what a single one is called. */
type Sending = { type: ActionType; boxes: number; name?: string | undefined; send(): Promise<unknown> };

/**
 * Sends at once, or asks for the number of boxes first where the type is one that a slip of the hand must not send. `dialog` belongs into the page. `live` is the
 * number as it is now, where that moves while it is asked for.
 */
export function useConfirmed(live?: number) {
  const [asked, setAsked] = useState<Sending | null>(null);
  const boxes = live ?? asked?.boxes ?? 0;
  return {
    confirmed(sending: Sending): void {
      if (destructiveTypes.includes(sending.type)) setAsked(sending);
      else void sending.send();
    },
    dialog: asked && (
      <CountDialog
        title={texts.confirm.title(texts.types[asked.type].name, asked.name || texts.confirm.boxes(boxes))}
        action={texts.types[asked.type].name}
        boxes={boxes}
        means={texts.confirm.text}
        close={() => setAsked(null)}
        submit={asked.send}
      />
    ),
  };
}
