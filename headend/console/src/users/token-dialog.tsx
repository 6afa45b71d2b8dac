import { useApp } from '../app.ts';
import { Copyable } from '../parts/copyable.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { texts } from '../texts.ts';
import type { User } from '../types.ts';

type Issued = User & { token: string };

/** Asks before a user's token is replaced; or shows a token, this once. */
export function TokenDialog(
  props:
    | { user: User; close(): void; issued(user: Issued): Promise<void> }
    | { token: string; name: string; close(): void },
) {
  if ('token' in props) return <ShowToken {...props} />;
  return <ReplaceToken {...props} />;
}

function ReplaceToken(props: { user: User; close(): void; issued(user: Issued): Promise<void> }) {
  const { user, close, issued } = props;
  const { api } = useApp();
  return (
    <FormDialog
      title={texts.users.newTokenOf(user.name)}
      action={texts.users.newToken}
      danger
      close={close}
      closesItself
      submit={async () => issued(await api.post<Issued>(`/stb/v1/users/${user.id}/token`))}
    >
      <p>{texts.users.newTokenMeans}</p>
    </FormDialog>
  );
}

function ShowToken({ token, name, close }: { token: string; name: string; close(): void }) {
  return (
    <Dialog title={texts.users.tokenOf(name)} close={close}>
      <p>{texts.users.tokenOnce}</p>
      <Copyable text={token} name="token" isMain>
        <button type="button" class="plain" onClick={close}>
          {texts.common.close}
        </button>
      </Copyable>
    </Dialog>
  );
}
