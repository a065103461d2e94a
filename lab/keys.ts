/** Every key by the name that QEMU's monitor has for it. */
const names = new Set(
  (
    'unmapped shift shift_r alt alt_r ctrl ctrl_r menu esc 1 2 3 4 5 6 7 8 9 0 minus equal backspace tab q w e r t y u i o p ' +
    'bracket_left bracket_right ret a s d f g h j k l semicolon apostrophe grave_accent backslash z x c v b n m comma dot ' +
    'slash asterisk spc caps_lock f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 num_lock scroll_lock kp_divide kp_multiply kp_subtract ' +
    'kp_add kp_enter kp_decimal sysrq kp_0 kp_1 kp_2 kp_3 kp_4 kp_5 kp_6 kp_7 kp_8 kp_9 less f11 f12 print home pgup pgdn ' +
    'end left up down right insert delete stop again props undo front copy open paste find cut lf help meta_l meta_r compose ' +
    'pause ro hiragana henkan yen muhenkan katakanahiragana kp_comma kp_equals power sleep wake audionext audioprev audiostop ' +
    'audioplay audiomute volumeup volumedown mediaselect mail calculator computer ac_home ac_back ac_forward ac_refresh ' +
    'ac_bookmarks lang1 lang2'
  ).split(' '),
);

/**
 * Reads the argument of the monitor's `sendkey`, `ctrl-alt-delete` or `a 200` (held for 200 ms), and answers the keys that
 * are pressed together. Throws the monitor's own complaint.
 */
export function readKeys(argument: string): readonly string[] {
  const [keys = '', hold] = argument.trim().split(/\s+/);
  if (keys === '') throw new Error('sendkey: string expected\nTry "help sendkey" for more information\n');
  if (hold !== undefined && !/^\d/.test(hold)) {
    throw new Error(`invalid char '${hold[0]}' in expression\nTry "help sendkey" for more information\n`);
  }
  // The monitor takes its own keyboard's `<` for the key of that name.
  const pressed = keys.split('-').map((name) => (name === '<' ? 'less' : name));
  const wrong = pressed.find((name) => !names.has(name) && !/^0x[0-9a-f]+$/i.test(name));
  if (wrong !== undefined) throw new Error(`invalid parameter: ${wrong}\n`);
  return pressed;
}
