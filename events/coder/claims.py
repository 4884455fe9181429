"""Whose word an event is."""

from events.coder.draft import Draft, Scene, governed

__all__ = ["set_claimant"]


def set_claimant(scene: Scene, draft: Draft, at: int) -> None:
    """The party quoted or cited for word `at`, the outermost where quotations are nested; else the publisher."""
    chain = scene.read.chain(at)
    for frame in chain:
        if frame.own:
            draft.claimant = scene.publisher
            return
        if frame.resolved:
            draft.claimant = (governed(frame.resolved[0]),)
            scene.mark(draft, "claimant", frame.speaker)
            return
    announced = next((f for f in scene.read.parsed.frames if f.verb == at and f.resolved), None)
    if not chain and announced is not None:  # 'the ministry announced a ceasefire'
        draft.claimant = (governed(announced.resolved[0]),)
        scene.mark(draft, "claimant", announced.speaker)
        return
    goes_on = not chain and scene.read.inherited and not scene.read.inherited_own
    draft.claimant = (governed(scene.read.inherited[0]),) if goes_on else scene.publisher
