// What stands where todos would, if there were any.
import { Icon, type IconName } from "./icons.tsx";

export function Empty({ icon, title, hint }: { icon: IconName; title: string; hint: string }) {
  return (
    <p class="load-note">
      <Icon name={icon} />
      <strong>{title}</strong> {hint}
    </p>
  );
}
