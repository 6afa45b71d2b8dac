import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CallError } from '../api.ts';
import { texts } from '../texts.ts';

/** What the headend refused of the form around. */
export const Refusal = createContext<CallError | null>(null);

/** What was refused of a field, which the API calls `field`; undefined where nothing was. */
export function useRefusal(field: string | undefined): string | undefined {
  const refusal = useContext(Refusal);
  return refusal !== null && refusal.field === field ? sayAtField(refusal) : undefined;
}

/** What is wrong, for a place that has the field's name already. `locals.1: …` is about a line of it. */
export function sayAtField({ field, message }: CallError): string {
  if (message.startsWith(`${field}: `)) return message.slice(field.length + 2);
  if (!message.startsWith(`${field}.`)) return message;
  return message.slice(field.length + 1).replace(/^\d+(?=: )/, (index) => texts.common.line(Number(index) + 1));
}
