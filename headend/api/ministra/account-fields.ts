import { MinistraError } from '../../ministra/errors.ts';
import { readMac } from '../../ministra/identifiers.ts';
import { isPlan } from '../../ministra/plans.ts';
import { readDate } from '../../ministra/times.ts';
import type { Account } from '../../store/accounts.ts';
import type { Store } from '../../store/store.ts';
import type { Form } from './form.ts';

/** The fields of ACCOUNTS and USERS that may be given. */
export const accountFields = [
  'login',
  'password',
  'full_name',
  'phone',
  'account_number',
  'tariff_plan',
  'tariff_expired_date',
  'tariff_instead_expired',
  'status',
  'stb_mac',
  'comment',
  'end_date',
  'account_balance',
];

/** What a form says of an account, without login, password, MAC and status. What it does not name stays. Throws MinistraError. */
export function readAccount(store: Store, form: Form, account: Account): Account {
  const text = (name: string, before: string) => (form.has(name) ? form.text(name) : before);
  const plan = (name: string, before: string) => {
    const given = text(name, before).trim();
    if (form.has(name) && given !== '' && !isPlan(store, given)) throw new MinistraError('Tariff plan not found');
    return given;
  };
  const expires = text('tariff_expired_date', account.tariffExpires).trim();
  if (expires !== '' && Number.isNaN(readDate(expires))) throw new MinistraError('Not valid tariff_expired_date');
  return {
    ...account,
    fullName: text('full_name', account.fullName),
    phone: text('phone', account.phone),
    comment: text('comment', account.comment),
    balance: text('account_balance', account.balance),
    endDate: text('end_date', account.endDate),
    accountNumber: form.has('account_number') ? form.text('account_number').trim() || null : account.accountNumber,
    tariff: plan('tariff_plan', account.tariff ?? '') || null,
    tariffExpires: expires,
    tariffInstead: plan('tariff_instead_expired', account.tariffInstead),
  };
}

/** The MAC that a form gives a box: null to take it away, undefined where the form says nothing. Throws MinistraError. */
export function readStbMac(form: Form): string | null | undefined {
  if (!form.has('stb_mac')) return undefined;
  if (form.text('stb_mac').trim() === '') return null;
  const mac = readMac(form.text('stb_mac'));
  if (mac === undefined) throw new MinistraError('Not valid mac address');
  return mac;
}
