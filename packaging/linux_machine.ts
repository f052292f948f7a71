/** The magic number of ELF files. */
const ELF = 0x7f454c46;

/** `e_machine` of the ELF header → the name in Rust's and Deno's targets. */
const MACHINES: ReadonlyMap<number, string> = new Map([[0x3e, "x86_64"], [0xb7, "aarch64"]]);

/**
 * The machine that a program for Linux runs on, `x86_64` or `aarch64`; undefined if the bytes are
 * something else. See https://man7.org/linux/man-pages/man5/elf.5.html
 */
export function linuxMachine(program: Uint8Array): string | undefined {
  if (program.length < 20) return undefined;
  const header = new DataView(program.buffer, program.byteOffset);
  return header.getUint32(0) === ELF ? MACHINES.get(header.getUint16(18, true)) : undefined;
}
