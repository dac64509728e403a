/**
 * Error numbers of WASI preview 1, and how a failure travels from where it happens to the number the guest gets.
 *
 * Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#errno
 *
 * @packageDocumentation
 */

/** Error numbers by the specification's names, `2big` excepted. */
export const Errno = {
  success: 0,
  toobig: 1,
  acces: 2,
  addrinuse: 3,
  addrnotavail: 4,
  afnosupport: 5,
  again: 6,
  already: 7,
  badf: 8,
  badmsg: 9,
  busy: 10,
  canceled: 11,
  child: 12,
  connaborted: 13,
  connrefused: 14,
  connreset: 15,
  deadlk: 16,
  destaddrreq: 17,
  dom: 18,
  dquot: 19,
  exist: 20,
  fault: 21,
  fbig: 22,
  hostunreach: 23,
  idrm: 24,
  ilseq: 25,
  inprogress: 26,
  intr: 27,
  inval: 28,
  io: 29,
  isconn: 30,
  isdir: 31,
  loop: 32,
  mfile: 33,
  mlink: 34,
  msgsize: 35,
  multihop: 36,
  nametoolong: 37,
  netdown: 38,
  netreset: 39,
  netunreach: 40,
  nfile: 41,
  nobufs: 42,
  nodev: 43,
  noent: 44,
  noexec: 45,
  nolck: 46,
  nolink: 47,
  nomem: 48,
  nomsg: 49,
  noprotoopt: 50,
  nospc: 51,
  nosys: 52,
  notconn: 53,
  notdir: 54,
  notempty: 55,
  notrecoverable: 56,
  notsock: 57,
  notsup: 58,
  notty: 59,
  nxio: 60,
  overflow: 61,
  ownerdead: 62,
  perm: 63,
  pipe: 64,
  proto: 65,
  protonosupport: 66,
  prototype: 67,
  range: 68,
  rofs: 69,
  spipe: 70,
  srch: 71,
  stale: 72,
  timedout: 73,
  txtbsy: 74,
  xdev: 75,
  notcapable: 76,
} as const;

/** One of the error numbers. */
export type Errno = (typeof Errno)[keyof typeof Errno];

/**
 * What the code of this layer throws to make a call return an errno. It is no `Error`: nobody reads its stack, and
 * making one costs more than most calls.
 */
class Failure {
  readonly errno: Errno;

  constructor(errno: Errno) {
    this.errno = errno;
  }
}

const failures = Object.values(Errno).map((errno) => Object.freeze(new Failure(errno)));

/** Makes the running call return `errno`. */
export function fail(errno: Errno): never {
  throw failures[errno]!;
}

/** Carries what a host's callback threw past the code that turns errors into errnos. */
export class CallbackException {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    this.thrown = thrown;
  }
}

/** Wraps a callback of the host so that what it throws reaches the host as the same object. */
export function fromHost<A extends unknown[], R>(callback: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    try {
      return callback(...args);
    } catch (thrown) {
      throw new CallbackException(thrown);
    }
  };
}

const errnoOfHostCode = new Map<string, Errno>([
  ...Object.entries(Errno).map(([name, errno]) => [`E${name.toUpperCase()}`, errno] as const),
  ["E2BIG", Errno.toobig],
  ["EOPNOTSUPP", Errno.notsup],
  ["EWOULDBLOCK", Errno.again],
  ["ERR_ACCESS_DENIED", Errno.acces],
]);

/** The errno of a failure or of an error the host's file system threw; undefined for anything else. */
export function errnoOf(error: unknown): Errno | undefined {
  if (error instanceof Failure) return error.errno;
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  return errnoOfHostCode.get(error.code) ?? ("syscall" in error ? Errno.io : undefined);
}
