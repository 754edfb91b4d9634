"""Every mistake gives one line on stderr and exit status 2."""

import pytest

TRAIN = ("train", "--dataset", "strokes")


def assert_one_line(outcome, says):
    status, out, err = outcome
    assert status == 2
    assert out == ""
    assert says in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train"], "--dataset"),
        (["train", "--dataset", "cats"], "cats"),
        (["train", "--dataset", "mnist", "--data-dir", "/nowhere"], "/nowhere"),
        (["evaluate", "missing.npz", "--dataset", "strokes"], "missing.npz"),
        (["evaluate"], "FILE.npz"),
        (["--size", "big"], "big"),
        (["--size", "10000x800"], "10000x800"),
        (["--size", "1280x" + "9" * 5_000], "--size"),
        (["--size", "199x200"], "199x200"),
        (["--seconds", "1e300"], "1e300"),
        (["train", "--resume", "x.npz", "--epochs", "99999999999"], "99999999999"),
        (["dance"], "dance"),
    ],
)
def test_commands(run, arguments, says):
    assert_one_line(run(*arguments), says)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--preset", "magic"], "magic"),
        (["--seed", "-3"], "seed"),
        (["--seed", "x"], "--seed"),
        (["--threads", "0"], "0 is not above 0"),
        (["--threads", "many"], "many"),
        (["--threads", "257"], "257 is not above 0 and at most 256"),
        (["--threads", "20000"], "20000 is not above 0 and at most 256"),
        (["--seed", "99999999999999999999"], "seed"),
        # The network.
        (["--hidden", "12,x"], "12,x"),
        (["--hidden", "0"], "0 units"),
        (["--hidden", "4097"], "4097 units"),
        (["--hidden", "1,1,1,1,1,1,1,1,1"], "9 hidden layers"),
        (["--activation", "swish"], "swish"),
        (["--activation", ""], "activation"),
        (["--activation", "relu,swish"], "swish"),
        (["--activation", "relu,tanh,relu"], "3 activations do not fit 2 hidden layers"),
        (["--hidden", "", "--activation", "relu,tanh"], "2 activations do not fit 0"),
        (["--output", "linear"], "linear"),
        (["--init", "xavier"], "xavier"),
        (["--init-scale", "-1"], "initial scale"),
        (["--init-scale", "nan"], "initial scale"),
        (["--init-scale", "inf"], "initial scale"),
        (["--init-scale", "1e30"], "initial scale 1e+30"),
        (["--init-scale", "wide"], "wide"),
        # Training.
        (["--lr", "fast"], "fast"),
        (["--lr", "-1"], "learning rate"),
        (["--lr", "nan"], "learning rate"),
        (["--lr", "inf"], "learning rate"),
        (["--lr", "1e9"], "learning rate"),
        (["--batch", "0"], "batch size"),
        (["--batch", "60001"], "batch size"),
        (["--batch", "1.5"], "1.5"),
        (["--l2", "-0.1"], "L2"),
        (["--l2", "1e9"], "L2"),
        (["--l2", "nan"], "L2"),
        (["--optimizer", "rmsprop"], "rmsprop"),
        (["--momentum", "1"], "momentum"),
        (["--momentum", "nan"], "momentum"),
        (["--momentum", "-0.1"], "momentum"),
        (["--dropout", "-0.1"], "dropout"),
        (["--dropout", "1"], "dropout"),
        (["--dropout", "nan"], "dropout"),
        (["--augment", "blur=1"], "blur"),
        (["--augment", "rotation"], "rotation=10"),
        (["--augment", "rotation=much"], "much"),
        (["--augment", ""], "rotation=10"),
        (["--augment", "rotation=500"], "rotation of 500"),
        (["--augment", "shift=-1"], "shift of -1"),
        (["--augment", "scale=nan"], "scale of nan"),
        # Schedule and stopping.
        (["--epochs", "0"], "0 is not above 0"),
        (["--epochs", "2000000"], "epochs"),
        (["--epochs", "1.5"], "'1.5' is not a whole number"),
        (["--epochs", "9" * 5_000], "epochs"),
        (["--hidden", "9" * 5_000], "hidden"),
        (["--schedule", "zigzag"], "zigzag"),
        (["--warmup", "-1"], "warm-up"),
        (["--warmup", "4", "--epochs", "3"], "warm-up of 4"),
        (["--warmup", "nan"], "warm-up"),
        (["--warmup", "inf"], "warm-up"),
        (["--validation", "-5"], "-5"),
        (["--validation", "nan"], "nan"),
        (["--validation", "inf"], "inf"),
        (["--validation", "1e300"], "1e300"),
        (["--validation", "0.9"], "54000"),
        (["--validation", "1.5"], "'1.5' is neither a whole number of images nor a fraction"),
        (["--validation", "1.0"], "'1.0' is neither a whole number of images nor a fraction"),
        (["--validation", "50001"], "50001"),
        (["--target-accuracy", "98"], "98"),
        (["--target-accuracy", "0"], "accuracy"),
        (["--patience", "0"], "0 is not above 0"),
        (["--patience", "1.5"], "1.5"),
        (["--patience", "1000001"], "patience"),
    ],
)
def test_options_of_train(run, options, says):
    assert_one_line(run(*TRAIN, *options), says)


@pytest.mark.usefixtures("small_data")
def test_a_validation_split_of_the_whole_data_set(run):
    """It is possible in general, but there are only 200 images."""
    assert_one_line(run(*TRAIN, "--validation", 200), "200 training images")


@pytest.mark.usefixtures("small_data")
@pytest.mark.parametrize("option", ["--report", "--save"])
def test_an_unwritable_file_is_reported_before_training(run, tmp_path, option):
    assert_one_line(run(*TRAIN, option, tmp_path / "nowhere" / "file"), "nowhere")


def test_a_damaged_file(run, tmp_path):
    file = tmp_path / "damaged.npz"
    file.write_bytes(b"PK\x03\x04 and so on")
    assert_one_line(run("evaluate", file, "--dataset", "strokes"), "damaged.npz")
