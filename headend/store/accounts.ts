import type { Db } from './database.ts';

/**
 * What an operator's billing knows of one set-top box: Ministra calls it a user. Several boxes may have one account number. Texts that were never given
 * are empty.
 */
export type Account = {
  box: string;
  /** Unique; null when nobody can log in with it. */
  login: string | null;
  /** Salted hash; null when there is none. */
  password: string | null;
  accountNumber: string | null;
  fullName: string;
  phone: string;
  comment: string;
  balance: string;
  endDate: string;
  /** The external id of the tariff plan, also of one that is not there (yet); null for the default plan. */
  tariff: string | null;
  tariffExpires: string;
  tariffInstead: string;
  additionalServices: boolean;
  /** The operator has switched the box off: it takes messages and shows nothing else. */
  cutOff: boolean;
  disabledModules: string[];
  restrictedModules: string[];
  /** The numbers of channels that the box has beside its packages, as they were given; null when none ever were. */
  channels: string[] | null;
};

type Row = Omit<Account, 'additionalServices' | 'cutOff' | 'disabledModules' | 'restrictedModules' | 'channels'> & {
  additionalServices: number;
  cutOff: number;
  disabledModules: string;
  restrictedModules: string;
  channels: string | null;
};

export type Accounts = ReturnType<typeof createAccounts>;

const columns = `box, login, password, account_number AS accountNumber, full_name AS fullName, phone, comment, balance, end_date AS endDate,
  tariff, tariff_expires AS tariffExpires, tariff_instead AS tariffInstead, additional_services AS additionalServices,
  cut_off AS cutOff, disabled_modules AS disabledModules, restricted_modules AS restrictedModules, channels`;

/** The accounts of boxes; a box of which nobody has said anything has one with nothing in it. */
export function createAccounts(db: Db) {
  const byBox = db.prepare<[string], Row>(`SELECT ${columns} FROM accounts WHERE box = ?`);
  const byLogin = db.prepare<[string], { box: string }>('SELECT box FROM accounts WHERE login = ?');
  const byNumber = db.prepare<[string], { box: string }>(
    'SELECT a.box FROM accounts a JOIN boxes b ON b.id = a.box WHERE a.account_number = ? ORDER BY b.rowid',
  );
  const put = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO accounts (box, login, password, account_number, full_name, phone, comment, balance, end_date, tariff,
       tariff_expires, tariff_instead, additional_services, cut_off, disabled_modules, restricted_modules, channels)
     VALUES (@box, @login, @password, @accountNumber, @fullName, @phone, @comment, @balance, @endDate, @tariff,
       @tariffExpires, @tariffInstead, @additionalServices, @cutOff, @disabledModules, @restrictedModules, @channels)
     ON CONFLICT (box) DO UPDATE SET login = @login, password = @password, account_number = @accountNumber, full_name = @fullName,
       phone = @phone, comment = @comment, balance = @balance, end_date = @endDate, tariff = @tariff, tariff_expires = @tariffExpires,
       tariff_instead = @tariffInstead, additional_services = @additionalServices, cut_off = @cutOff,
       disabled_modules = @disabledModules, restricted_modules = @restrictedModules, channels = @channels`,
  );

  return {
    of(box: string): Account {
      const row = byBox.get(box);
      return row === undefined ? blank(box) : toAccount(row);
    },
    /** The login must be nobody else's; `boxOfLogin` tells. */
    put(account: Account): void {
      put.run({
        ...account,
        additionalServices: account.additionalServices ? 1 : 0,
        cutOff: account.cutOff ? 1 : 0,
        disabledModules: JSON.stringify(account.disabledModules),
        restrictedModules: JSON.stringify(account.restrictedModules),
        channels: account.channels === null ? null : JSON.stringify(account.channels),
      });
    },
    boxOfLogin: (login: string): string | undefined => byLogin.get(login)?.box,
    /** The boxes with an account number. */
    boxesOfNumber: (number: string): string[] => byNumber.all(number).map((row) => row.box),
  };
}

function blank(box: string): Account {
  return {
    box,
    login: null,
    password: null,
    accountNumber: null,
    fullName: '',
    phone: '',
    comment: '',
    balance: '',
    endDate: '',
    tariff: null,
    tariffExpires: '',
    tariffInstead: '',
    additionalServices: true,
    cutOff: false,
    disabledModules: [],
    restrictedModules: [],
    channels: null,
  };
}

function toAccount(row: Row): Account {
  return {
    ...row,
    additionalServices: row.additionalServices === 1,
    cutOff: row.cutOff === 1,
    disabledModules: JSON.parse(row.disabledModules),
    restrictedModules: JSON.parse(row.restrictedModules),
    channels: row.channels === null ? null : JSON.parse(row.channels),
  };
}
