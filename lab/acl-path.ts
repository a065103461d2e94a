const name = '[A-Za-z0-9.\\-_]+';

/** Every path on which Proxmox lets rights be given, by its form. */
const known = new RegExp(
  `^(/|/access|/access/(groups|realm)(/${name})?|/nodes(/${name})?|/pool(/${name}){0,3}|/storage(/${name})?` +
    `|/sdn|/sdn/(zones|controllers|dns|ipams|fabrics)(/${name})?|/sdn/zones/${name}/${name}(/[1-9]\\d{0,3})?` +
    `|/vms(/[1-9]\\d{2,8})?|/mapping|/mapping/(dir|hwrng|pci|usb)(/${name})?)$`,
);

/** Whether Proxmox knows this kind of path; it need not name anything that exists. */
export const isAclPath = (path: string): boolean => known.test(path);
