package dev.cadenza.cli;

import dev.cadenza.data.DataDir;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Digits;
import dev.cadenza.data.FashionMnist;
import dev.cadenza.data.Mnist;
import dev.cadenza.vision.Cifar10;
import dev.cadenza.vision.ImageFolder;
import dev.cadenza.vision.Imagenette;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** The kinds of data that {@code --data} names, and what is trained on them where nothing else is asked for. */
enum DataKind {
    DIGITS(Recipe.GREY, ArchOption.MLP),
    MNIST(Recipe.GREY, ArchOption.MLP),
    FASHION_MNIST(Recipe.GREY, ArchOption.MLP),
    CIFAR10(Recipe.SMALL, ArchOption.SMALL_RESNET),
    IMAGENETTE(Recipe.PHOTO, ArchOption.RESNET18),
    /** Any folder of images. */
    FOLDER(Recipe.PHOTO, ArchOption.RESNET18);

    /** The digits are one data set, whatever the seed of the training: else two seeds would not be comparable. */
    private static final long DIGITS_SEED = 1;

    final Recipe recipe;
    final ArchOption arch;

    DataKind(Recipe recipe, ArchOption arch) {
        this.recipe = recipe;
        this.arch = arch;
    }

    static DataKind of(String data) {
        return Arrays.stream(values())
                .filter(kind -> kind != FOLDER && kind.toString().equals(data))
                .findFirst()
                .orElse(FOLDER);
    }

    boolean isGrey() {
        return recipe == Recipe.GREY;
    }

    /** Reads the data; {@code data} is the folder, for that kind. */
    Datasets read(String data, int size) {
        return switch (this) {
            case DIGITS -> Digits.make(DIGITS_SEED);
            case MNIST -> Mnist.in(Mnist.folder());
            case FASHION_MNIST -> FashionMnist.in(FashionMnist.folder());
            case CIFAR10 -> images(Cifar10.folder(), size);
            case IMAGENETTE ->
                images(Imagenette.folder(size <= 128 ? Imagenette.Size.PX160 : Imagenette.Size.PX320), size);
            case FOLDER -> images(folder(data), size);
        };
    }

    /** A folder, or the name of one in the data directory. */
    private static Path folder(String data) {
        Path folder = Path.of(data);
        return Files.exists(folder) ? folder : DataDir.find(data);
    }

    private Datasets images(Path dir, int size) {
        return ImageFolder.in(dir, o -> {
            o.transforms = recipe.transforms(size);
            o.batchTransforms = recipe.batchTransforms(arch);
        });
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
