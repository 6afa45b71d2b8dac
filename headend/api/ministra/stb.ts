import { MinistraError } from '../../ministra/errors.ts';
import { readMac } from '../../ministra/identifiers.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import { hashPassword } from '../../ministra/passwords.ts';
import { removeBoxes } from '../../ministra/removal.ts';
import { switchBox } from '../../ministra/status.ts';
import { namedBoxes, type Resource, readFlag, requireFields, requireIdentifier } from './request.ts';
import { viewStb } from './views.ts';

const updated = ['status', 'additional_services_on', 'ls', 'end_date', 'reboot'];
const added = ['mac', 'login', 'password', 'status', 'additional_services_on', 'ls', 'end_date', 'account_balance'];

/** STB: the boxes themselves. */
export function stb(ministra: Ministra): Resource {
  const { fleet } = ministra;
  const { store } = fleet;

  return {
    get: (request) => namedBoxes(store, request).map((box) => viewStb(ministra, box)),

    async update(request) {
      const { form } = request;
      requireFields(request, updated);
      requireIdentifier(request);
      const status = form.has('status') ? readFlag(form, 'status') : undefined;
      const services = form.has('additional_services_on') ? readFlag(form, 'additional_services_on') : undefined;
      const isReboot = form.has('reboot') && readFlag(form, 'reboot');
      const boxes = namedBoxes(store, request);
      if (boxes.length === 0) return false;
      store.transaction(() => {
        for (const box of boxes) {
          const account = store.accounts.of(box.id);
          store.accounts.put({
            ...account,
            additionalServices: services ?? account.additionalServices,
            accountNumber: form.has('ls') ? form.text('ls').trim() || null : account.accountNumber,
            endDate: form.has('end_date') ? form.text('end_date') : account.endDate,
          });
        }
      });
      if (status !== undefined) for (const box of boxes) await switchBox(ministra, box, status);
      const ids = boxes.map(({ id }) => id);
      if (isReboot) {
        await fleet.schedule({ boxes: ids, type: 'REBOOT', params: {}, createdBy: null, expires: commandExpiry() });
      }
      return boxes.flatMap(({ id }) => {
        const box = store.boxes.get(id);
        if (box === undefined) return [];
        const { mac, status: on, additional_services_on, ls } = viewStb(ministra, box);
        return [{ mac, status: on, additional_services_on, ls }];
      });
    },

    async delete(request) {
      requireIdentifier(request);
      const boxes = namedBoxes(store, request);
      if (boxes.length === 0) throw new MinistraError('STB not found');
      await removeBoxes(
        ministra,
        boxes.map(({ id }) => id),
      );
      return true;
    },

    async create(request) {
      const { form } = request;
      requireFields(request, added);
      const mac = form.text('mac').trim() === '' ? null : readMac(form.text('mac'));
      if (mac === undefined) throw new MinistraError('Not valid mac address');
      const login = form.text('login').trim() || null;
      const given = form.text('password');
      if (mac === null && (login === null || given === '')) throw new MinistraError('Login and password required');
      const isSwitchedOn = !form.has('status') || readFlag(form, 'status');
      const services = !form.has('additional_services_on') || readFlag(form, 'additional_services_on');
      const password = given === '' ? null : await hashPassword(given);
      const box = store.transaction(() => {
        if (mac !== null && store.boxes.find(mac) !== undefined) throw new MinistraError('Stb already exists');
        if (login !== null && store.accounts.boxOfLogin(login) !== undefined) {
          throw new MinistraError('Login already in use');
        }
        const created = ministra.createBox(mac, login ?? mac ?? '');
        store.accounts.put({
          ...store.accounts.of(created.id),
          login,
          password,
          additionalServices: services,
          accountNumber: form.text('ls').trim() || null,
          endDate: form.text('end_date'),
          balance: form.text('account_balance'),
        });
        return created;
      });
      if (!isSwitchedOn) await switchBox(ministra, box, false);
      const { mac: shown, status, additional_services_on, login: name } = viewStb(ministra, box);
      const ls = store.accounts.of(box.id).accountNumber ?? '0';
      return { mac: shown, status, additional_services_on, ls, login: name };
    },
  };

  function commandExpiry(): number {
    return Date.now() + ministra.settings.command_seconds * 1000;
  }
}
