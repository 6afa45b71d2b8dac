import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { sayError } from '../api.ts';
import { texts } from '../texts.ts';
import { Dialog } from './dialog.tsx';

/**
 * A dialog with a form. It closes when `submit` has resolved, unless what comes next closes it (`closesItself`); what it rejects with is
 * shown, and the dialog stays.
 */
export function FormDialog(props: {
  title: string;
  action: string;
  danger?: boolean;
  wide?: boolean;
  closesItself?: boolean;
  /** Whether it cannot be submitted yet. */
  disabled?: boolean;
  close(): void;
  submit(): Promise<unknown>;
  children: ComponentChildren;
}) {
  const { title, action, danger = false, close, submit } = props;
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    setIsBusy(true);
    setError(null);
    try {
      await submit();
      if (!props.closesItself) close();
    } catch (failure) {
      setError(sayError(failure));
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={title} close={close} wide={props.wide ?? false}>
      <form onSubmit={send}>
        {props.children}
        {error !== null && (
          <p class="bad" role="alert">
            {error}
          </p>
        )}
        <div class="row">
          <button
            type="submit"
            class={danger ? 'primary danger' : 'primary'}
            disabled={isBusy || (props.disabled ?? false)}
          >
            {action}
          </button>
          <button type="button" class="plain" onClick={close}>
            {texts.common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Asks before something is deleted. */
export function DeleteDialog(props: { name: string; means: string; close(): void; submit(): Promise<unknown> }) {
  return (
    <FormDialog
      title={texts.common.deleteAsk(props.name)}
      action={texts.common.delete}
      danger
      close={props.close}
      submit={props.submit}
    >
      <p>{props.means}</p>
    </FormDialog>
  );
}
