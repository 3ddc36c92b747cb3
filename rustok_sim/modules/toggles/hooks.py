"""What a module does when it is switched on or off."""

from typing import Protocol

from rustok_sim.core.context import Context
from rustok_sim.core.errors import DomainError
from rustok_sim.core.ports import Runtime, Steps
from rustok_sim.modules.toggles.errors import HookFailed
from rustok_sim.modules.toggles.settings import ToggleSettings

SITE = "module.hook"


class Hook(Protocol):
    """``on_enable`` and ``on_disable`` of every module. RusToK's are all empty."""

    def __call__(self, context: Context, slug: str, *, enabled: bool) -> Steps[None]:
        """Do what is to be done. Raises any ``DomainError``."""
        ...


class MadeUpHook:
    """A hook that takes its time and sometimes fails, as the settings say."""

    def __init__(self, runtime: Runtime, settings: ToggleSettings) -> None:
        self._runtime = runtime
        self._settings = settings

    def __call__(self, context: Context, slug: str, *, enabled: bool) -> Steps[None]:
        """Let the time pass. Raises ``HookFailed`` for the share of calls that the settings give."""
        if self._settings.hook_s > 0.0:
            yield from self._runtime.sleep(self._settings.hook_s)
        share = self._settings.hook_failure_share
        if share > 0.0 and self._runtime.uniform(SITE, context.call) < share:
            raise HookFailed(f"the hook of {slug} does not work")


def hooked(runtime: Runtime, hook: Hook, context: Context, slug: str, *, enabled: bool) -> Steps[None]:
    """Run the hook, and record how it ended. Raises ``HookFailed`` for whatever it failed of."""
    begin_s, outcome = runtime.now(), "dropped"
    try:
        yield from hook(context, slug, enabled=enabled)
        outcome = "ok"
    except DomainError as error:
        outcome = "failed"
        raise HookFailed(str(error)) from error
    finally:
        runtime.record("module.hook", context.call, site=slug, outcome=outcome, begin_s=begin_s)
