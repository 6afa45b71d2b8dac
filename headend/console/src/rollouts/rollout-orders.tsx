import { useState } from 'preact/hooks';
import { problemsOf } from '../act/fields.ts';
import { sayError } from '../api.ts';
import { useApp } from '../app.ts';
import { CountDialog } from '../parts/count-dialog.tsx';
import { TextField } from '../parts/text-field.tsx';
import { texts } from '../texts.ts';
import { type Order, ordersIn, type Rollout } from './rollout.ts';

/** What can be ordered now. A pause is given at once, for it is the brake; everything else asks for the number of boxes. */
export function RolloutOrders({ rollout, changed }: { rollout: Rollout; changed(): Promise<void> }) {
  const { api, notices, session } = useApp();
  const [asking, setAsking] = useState<Exclude<Order, 'pause'> | null>(null);
  if (!session.may.value.types.includes('FIRMWARE') || rollout.partial) return null;
  const give = async (order: Order, body?: object) => {
    await api.post(`/stb/v1/rollouts/${rollout.id}/${order}`, body);
    notices.say('good', texts.rollouts.orderGiven[order]);
    await changed();
  };
  const choose = (order: Order) => {
    if (order === 'pause') give(order).catch((error: unknown) => notices.say('bad', sayError(error)));
    else setAsking(order);
  };
  return (
    <div class="row">
      {ordersIn[rollout.state].map((order) => (
        <button
          key={order}
          type="button"
          class={order === 'stop' || order === 'rollback' ? 'plain danger' : 'plain'}
          onClick={() => choose(order)}
        >
          {texts.rollouts.orders[order]}
        </button>
      ))}
      {asking !== null && (
        <OrderDialog
          rollout={rollout}
          order={asking}
          close={() => setAsking(null)}
          give={(body) => give(asking, body)}
        />
      )}
    </div>
  );
}

function OrderDialog(props: {
  rollout: Rollout;
  order: Exclude<Order, 'pause'>;
  close(): void;
  give(body?: object): Promise<void>;
}) {
  const { rollout, order, close, give } = props;
  const [firmware, setFirmware] = useState('');
  const isBack = order === 'rollback';
  const address = firmware.trim();
  const isAddress = address !== '' && problemsOf('FIRMWARE', { firmware: address }).firmware === undefined;
  return (
    <CountDialog
      title={texts.rollouts.orderAsk(texts.rollouts.orders[order], rollout.name)}
      action={texts.rollouts.orders[order]}
      boxes={rollout.boxes}
      means={texts.rollouts.orderMeans[order]}
      danger={order !== 'resume'}
      isIncomplete={isBack && !isAddress}
      close={close}
      submit={() => give(isBack ? { firmware: address } : {})}
    >
      {isBack && (
        <TextField
          name={texts.rollouts.backAddress}
          value={firmware}
          set={setFirmware}
          required
          autofocus
          hint={texts.rollouts.addressHint}
        />
      )}
    </CountDialog>
  );
}
