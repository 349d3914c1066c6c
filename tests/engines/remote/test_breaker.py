from craton.engines.remote.calls.breaker import Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(failures=3, shortest=5.0, longest=12.0, clock=clock)
    for _ in range(3):
        assert breaker.admit()
        breaker.failed()
    return breaker


def test_failures_in_a_row_open_it() -> None:
    breaker = opened(Clock())
    assert (breaker.admit(), breaker.wait, breaker.failures) == (False, 5.0, 3)


def test_a_success_between_them_starts_the_count_anew() -> None:
    breaker = Breaker(failures=2, clock=Clock())
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    assert breaker.admit() and breaker.failures == 0


def test_an_answer_that_only_began_does_not_start_the_count_anew() -> None:
    breaker = Breaker(failures=2, clock=Clock())
    for _ in range(2):
        assert breaker.admit()
        breaker.begun()
        breaker.failed()
    assert not breaker.admit()


def test_after_the_pause_one_request_probes() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 5
    assert breaker.admit()
    assert not breaker.admit()
    assert breaker.wait == 0
    breaker.begun()
    assert breaker.admit() and not breaker.open


def test_a_probe_whose_caller_left_makes_room_for_the_next() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 5
    assert breaker.admit()
    breaker.released()
    assert breaker.admit()


def test_each_failed_probe_doubles_the_pause_up_to_a_limit() -> None:
    clock = Clock()
    breaker = opened(clock)
    waits = []
    for _ in range(3):
        clock.now += breaker.wait
        assert breaker.admit()
        breaker.failed()
        waits.append(breaker.wait)
    assert waits == [10.0, 12.0, 12.0]
    clock.now += 12
    breaker.admit()
    breaker.succeeded()
    for _ in range(3):
        breaker.failed()
    assert breaker.wait == 5.0


def test_late_failures_do_not_prolong_the_pause() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 3
    breaker.failed()
    assert breaker.wait == 2.0
