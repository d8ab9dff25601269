"""A pathway: its stages and what can happen in it; and the register of all of them."""

from dataclasses import dataclass, field, replace

from kittiwake.kernel.entry import Consequence, Entry


@dataclass(frozen=True)
class Stage:
    """One stage of a case. `active`: the thing itself is still going on (one per child)."""

    key: str
    name: str
    active: bool = False


@dataclass(frozen=True)
class Task:
    """One line of a case's task list: done when any of these kinds is in the case."""

    title: str
    kinds: tuple[str, ...]
    clock: str | None = None
    group: str = ""
    from_stage: str | None = None


@dataclass(frozen=True)
class Pathway:
    """The declaration of a pathway, read by forms, API, boards and the generated docs."""

    key: str
    name: str
    case_name: str
    ref_letter: str
    stages: tuple[Stage, ...]
    entries: tuple[type[Entry], ...]
    tasks: tuple[Task, ...] = ()
    starting_grade: str | None = None
    owner_role: str = "duty_inspector"
    triggers: tuple[tuple[str, Consequence], ...] = ()

    @property
    def goes_on(self) -> bool:
        """Whether something itself goes on in a case, such as a child being missing."""
        return any(stage.active for stage in self.stages)

    def rank(self, stage: str) -> int:
        """How far along a stage is; stages only ever move forward."""
        return [s.key for s in self.stages].index(stage)

    def stage(self, key: str) -> Stage:
        """The stage of this key."""
        return self.stages[self.rank(key)]


@dataclass
class Register:
    """Every pathway and every kind of entry the product knows."""

    pathways: dict[str, Pathway] = field(default_factory=dict)
    kinds: dict[str, type[Entry]] = field(default_factory=dict)
    obligations: dict[str, list[Consequence]] = field(default_factory=dict)
    triggers: dict[str, Consequence] = field(default_factory=dict)

    def add(self, pathway: Pathway) -> None:
        """Register a pathway. Raises ValueError when a kind is declared wrongly or twice."""
        self.pathways[pathway.key] = pathway
        for cls in pathway.entries:
            self.add_kind(cls)
        self.triggers |= dict(pathway.triggers)

    def add_kind(self, cls: type[Entry]) -> None:
        """Register one kind of entry. Raises ValueError when it is declared wrongly."""
        for name in ("kind", "title", "sentence", "may"):
            if not getattr(cls, name, None):
                raise ValueError(f"{cls.__name__} has no {name}")
        if not cls.__doc__:
            raise ValueError(f"{cls.__name__} has no docstring")
        if cls.gates and not cls.nature.may_refuse:
            raise ValueError(f"{cls.kind} is a {cls.nature} and may never refuse")
        if self.kinds.get(cls.kind, cls) is not cls:
            raise ValueError(f"{cls.kind} is declared twice")
        self.kinds[cls.kind] = cls

    def oblige(self, kind: str, consequence: Consequence) -> None:
        """What an entry of this kind obliges elsewhere (rulebook 4.26)."""
        known = self.obligations.setdefault(kind, [])
        if consequence not in known:
            known.append(consequence)

    def also_asks(self, pathway: str, task: Task) -> None:
        """Add to the task list of one pathway what is done with the kinds of another."""
        one = self.pathways[pathway]
        if task not in one.tasks:
            self.pathways[pathway] = replace(one, tasks=(*one.tasks, task))

    def pathway_of(self, kind: str) -> Pathway | None:
        """The pathway a kind belongs to, or None for the journal's own kinds."""
        for pathway in self.pathways.values():
            if any(cls.kind == kind for cls in pathway.entries):
                return pathway
        return None


REGISTER = Register()
