/** `:eyes:` is `eyes`; the variation selector that turns ⏸ into ⏸️ is invisible and comes and goes between platforms. */
export const plainEmoji = (written: string): string => written.replace(/^:(.+):$/, '$1').replaceAll('\uFE0F', '');
