import { MinistraError } from '../../ministra/errors.ts';
import { type IdentifierKind, resolve } from '../../ministra/identifiers.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import { hashPassword } from '../../ministra/passwords.ts';
import { changePlan, planOf } from '../../ministra/plans.ts';
import { removeBoxes } from '../../ministra/removal.ts';
import { switchBox } from '../../ministra/status.ts';
import type { Box } from '../../store/boxes.ts';
import { accountFields, readAccount, readStbMac } from './account-fields.ts';
import { namedBoxes, type Resource, type RestRequest, readFlag, requireFields, requireIdentifier } from './request.ts';
import { viewAccount } from './views.ts';

/** ACCOUNTS: the users of boxes, by account number or MAC. */
export function accounts(ministra: Ministra): Resource {
  const rest = accountChanges(ministra, 'account');
  return { ...rest, get: (request) => rest.find(request).map((box) => viewAccount(ministra, box)) };
}

/** What ACCOUNTS and USERS have in common: everything but how an account is found and shown. */
export function accountChanges(ministra: Ministra, kind: IdentifierKind) {
  const { fleet } = ministra;
  const { store } = fleet;

  /** The boxes of a request. Throws in Ministra's words where an identifier means none. */
  function find(request: RestRequest): Box[] {
    const { identifiers } = request;
    if (identifiers.length > 0 && resolve(store, identifiers, kind).unknown.length > 0) {
      throw new MinistraError(identifiers.length === 1 ? 'Account not found' : 'One or more identifiers are incorrect');
    }
    return namedBoxes(store, request, kind);
  }

  async function create(request: RestRequest): Promise<true> {
    const { form } = request;
    requireFields(request, accountFields);
    const mac = readStbMac(form) ?? null;
    const login = form.text('login').trim();
    if (login === '') throw new MinistraError('Login required');
    const isSwitchedOn = !form.has('status') || readFlag(form, 'status');
    const password = form.text('password') === '' ? null : await hashPassword(form.text('password'));
    const created: string[] = [];
    const box = fleet.lineups.during(
      () => created,
      () => {
        requireFree(login, mac, undefined);
        const made = ministra.createBox(mac, form.text('full_name').trim() || login);
        created.push(made.id);
        const account = { ...readAccount(store, form, store.accounts.of(made.id)), login, password };
        store.accounts.put(account);
        changePlan(store, made.id, undefined, planOf(store, account));
        return made;
      },
    );
    if (!isSwitchedOn) await switchBox(ministra, box, false);
    return true;
  }

  async function update(request: RestRequest): Promise<true> {
    const { form } = request;
    requireFields(request, accountFields);
    requireIdentifier(request, { single: true });
    const boxes = find(request);
    const mac = readStbMac(form);
    const login = form.text('login').trim();
    const status = form.has('status') ? readFlag(form, 'status') : undefined;
    const password = form.text('password') === '' ? undefined : await hashPassword(form.text('password'));
    if (boxes.length > 1 && login !== '') throw new MinistraError('Login already in use');
    if (boxes.length > 1 && typeof mac === 'string') throw new MinistraError('MAC address already in use');
    fleet.lineups.during(
      () => boxes.map(({ id }) => id),
      () => {
        for (const box of boxes) {
          requireFree(login, mac ?? null, box.id);
          const before = store.accounts.of(box.id);
          const account = readAccount(store, form, before);
          store.accounts.put({
            ...account,
            login: login || before.login,
            password: password ?? before.password,
          });
          if (mac !== undefined) replaceMac(box, mac);
          changePlan(store, box.id, planOf(store, before), planOf(store, account));
        }
      },
    );
    if (status !== undefined) for (const box of boxes) await switchBox(ministra, box, status);
    return true;
  }

  async function remove(request: RestRequest): Promise<true> {
    requireIdentifier(request, { single: true });
    await removeBoxes(
      ministra,
      find(request).map(({ id }) => id),
    );
    return true;
  }

  /** Another box takes the place of the old one, so what is known of that one's hardware and token goes. */
  function replaceMac(box: Box, mac: string | null): void {
    if (box.mac === mac) return;
    store.boxes.update(box.id, { ...box, mac });
    store.portalBoxes.forget(box.id);
  }

  function requireFree(login: string, mac: string | null, owner: string | undefined): void {
    const user = login === '' ? undefined : store.accounts.boxOfLogin(login);
    if (user !== undefined && user !== owner) throw new MinistraError('Login already in use');
    const other = mac === null ? undefined : store.boxes.find(mac);
    if (other !== undefined && other.id !== owner) throw new MinistraError('MAC address already in use');
  }

  return { find, create, update, delete: remove };
}
