import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { CallError, sayError } from '../api.ts';
import { texts } from '../texts.ts';
import { Dialog } from './dialog.tsx';
import { Refusal } from './refusal.ts';

/**
 * A dialog with a form. It closes when `submit` has resolved, unless what comes next closes it (`closesItself`); what it rejects with is
 * shown, at its field where there is one of that name, and the dialog stays.
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
  const [refusal, setRefusal] = useState<CallError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const forget = () => {
    setError(null);
    setRefusal(null);
  };
  const send = async (event: Event & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const { elements } = event.currentTarget;
    setIsBusy(true);
    forget();
    try {
      await submit();
      if (!props.closesItself) close();
    } catch (failure) {
      const field = failure instanceof CallError ? elements.namedItem(failure.field) : null;
      if (failure instanceof CallError && field instanceof HTMLElement) {
        setRefusal(failure);
        field.focus();
      } else setError(sayError(failure));
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={title} close={close} wide={props.wide ?? false}>
      <form onSubmit={send} onInput={forget}>
        <Refusal.Provider value={refusal}>{props.children}</Refusal.Provider>
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
